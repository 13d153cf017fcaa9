using Rotation.Tests.Support;
using Rotation.Worker.Rotations;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.Unit.Worker;

/// <summary>What the command line reads of a rotation.</summary>
public sealed class RotationReaderTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    [Fact]
    public async Task A_rotation_that_has_ended_waits_for_no_roll_although_one_that_it_left_goes_on()
    {
        string queue = RandomId.New("queue");
        var reader = new RotationReader(temporal.Client);
        using var worker = new TemporalWorker(temporal.Client, new TemporalWorkerOptions(queue).AddWorkflow<RollsOn>().AddWorkflow<LeavesIt>());
        await worker.ExecuteAsync(async () =>
        {
            WorkflowHandle rotation = await temporal.Client.StartWorkflowAsync((LeavesIt w) => w.RunAsync(), new(RandomId.New("rotation"), queue));
            RollStatus? roll = await Eventually.GetAsync(() => reader.RollOrNullAsync(rotation.Id, TestContext.Current.CancellationToken), r => r is not null);
            roll!.Total.ShouldBe(3);

            await rotation.TerminateAsync();

            (await reader.RollOrNullAsync(rotation.Id, TestContext.Current.CancellationToken)).ShouldBeNull();
        });
    }

    [Workflow(nameof(RollCluster))]
    public sealed class RollsOn
    {
        [WorkflowRun]
        public Task RunAsync() => Workflow.WaitConditionAsync(() => false);

        [WorkflowQuery("status")]
        public RollStatus Status() => new() { Total = 3 };
    }

    [Workflow]
    public sealed class LeavesIt
    {
        [WorkflowRun]
        public async Task RunAsync()
        {
            await Workflow.StartChildWorkflowAsync((RollsOn w) => w.RunAsync(), new() { ParentClosePolicy = ParentClosePolicy.Abandon });
            await Workflow.WaitConditionAsync(() => false);
        }
    }
}
