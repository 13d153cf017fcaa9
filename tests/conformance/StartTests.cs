using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Starts: ids, policies, what the first events carry.</summary>
public sealed class StartTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public async Task A_start_that_nobody_takes_has_two_events()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());

        (await Bench.TypesAsync(handle)).ShouldBe([EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled]);
        var started = (await Bench.EventsAsync(handle))[0].WorkflowExecutionStartedEventAttributes;
        started.WorkflowType.Name.ShouldBe("Echo");
        started.TaskQueue.Name.ShouldBe(_bench.Queue);
        started.Attempt.ShouldBe(1);
        started.FirstExecutionRunId.ShouldBe(handle.ResultRunId);
        started.OriginalExecutionRunId.ShouldBe(handle.ResultRunId);
        started.WorkflowId.ShouldBe(handle.Id);
    }

    [Fact]
    public async Task A_workflow_that_ends_at_once_has_five_events()
    {
        await _bench.RunAsync(async () =>
        {
            var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());
            (await handle.GetResultAsync()).ShouldBe("a");
            (await Bench.TypesAsync(handle)).ShouldBe([EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted, EventType.WorkflowExecutionCompleted]);
            (await Bench.EventsAsync(handle)).Select(e => e.EventId).ShouldBe([1, 2, 3, 4, 5]);
        });
    }

    [Fact]
    public async Task A_second_start_of_an_open_id_is_refused_with_the_run_that_has_it()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());

        var refused = await Should.ThrowAsync<WorkflowAlreadyStartedException>(_bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("b"), _bench.With(handle.Id)));

        refused.WorkflowId.ShouldBe(handle.Id);
        refused.RunId.ShouldBe(handle.ResultRunId);
    }

    [Fact]
    public async Task Use_existing_answers_with_the_open_run()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());
        var options = _bench.With(handle.Id);
        options.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;

        var second = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("b"), options);

        second.ResultRunId.ShouldBe(handle.ResultRunId);
        (await Bench.TypesAsync(handle)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Terminate_existing_ends_the_open_run_and_starts_another()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());
        var options = _bench.With(handle.Id);
        options.IdConflictPolicy = WorkflowIdConflictPolicy.TerminateExisting;

        var second = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("b"), options);

        second.ResultRunId.ShouldNotBe(handle.ResultRunId);
        (await _bench.Client.GetWorkflowHandle(handle.Id, handle.ResultRunId).DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Terminated);
    }

    [Theory]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicate, true)]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicateFailedOnly, false)]
    [InlineData(WorkflowIdReusePolicy.RejectDuplicate, false)]
    public async Task An_id_whose_run_completed_is_used_again_as_the_policy_says(WorkflowIdReusePolicy policy, bool allowed)
    {
        await _bench.RunAsync(async () =>
        {
            string id = RandomId.New("wf");
            await _bench.Client.ExecuteWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With(id));
            (await StartsAsync(id, policy)).ShouldBe(allowed);
        });
    }

    [Theory]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicate, true)]
    [InlineData(WorkflowIdReusePolicy.AllowDuplicateFailedOnly, true)]
    [InlineData(WorkflowIdReusePolicy.RejectDuplicate, false)]
    public async Task An_id_whose_run_failed_is_used_again_as_the_policy_says(WorkflowIdReusePolicy policy, bool allowed)
    {
        await _bench.RunAsync(async () =>
        {
            string id = RandomId.New("wf");
            await Should.ThrowAsync<WorkflowFailedException>(_bench.Client.ExecuteWorkflowAsync((Failing f) => f.RunAsync("x"), _bench.With(id)));
            (await StartsAsync(id, policy)).ShouldBe(allowed);
        });
    }

    [Fact]
    public async Task The_same_request_id_is_the_same_start()
    {
        var request = new Temporalio.Api.WorkflowService.V1.StartWorkflowExecutionRequest
        {
            Namespace = _bench.Namespace,
            WorkflowId = RandomId.New("wf"),
            RequestId = Guid.NewGuid().ToString(),
            WorkflowType = new() { Name = "Echo" },
            TaskQueue = new() { Name = _bench.Queue },
        };

        var first = await _bench.Client.WorkflowService.StartWorkflowExecutionAsync(request);
        var second = await _bench.Client.WorkflowService.StartWorkflowExecutionAsync(request);

        second.RunId.ShouldBe(first.RunId);
    }

    [Fact]
    public async Task Signal_with_start_starts_once_and_signals_twice()
    {
        await _bench.RunAsync(async () =>
        {
            string id = RandomId.New("wf");
            for (int n = 0; n < 2; n++)
            {
                var options = _bench.With(id);
                options.SignalWithStart((Waiter w) => w.SayAsync("word"));
                await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), options);
            }

            var handle = _bench.Client.GetWorkflowHandle<Waiter, string>(id);
            await handle.SignalAsync(w => w.EndAsync());
            (await handle.GetResultAsync()).ShouldBe("word,word");
            (await Bench.TypesAsync(handle)).Take(3).ShouldBe([EventType.WorkflowExecutionStarted, EventType.WorkflowExecutionSignaled, EventType.WorkflowTaskScheduled]);
        });
    }

    [Fact]
    public async Task A_start_delay_holds_the_first_task_back()
    {
        var options = _bench.With();
        options.StartDelay = TimeSpan.FromHours(1);

        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), options);

        (await Bench.TypesAsync(handle)).ShouldBe([EventType.WorkflowExecutionStarted]);
        (await Bench.EventsAsync(handle))[0].WorkflowExecutionStartedEventAttributes.FirstWorkflowTaskBackoff.ToTimeSpan().ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Memo_summary_and_details_are_described()
    {
        var options = _bench.With();
        options.Memo = new Dictionary<string, object> { ["who"] = "ann" };
        options.StaticSummary = "a summary";
        options.StaticDetails = "the details";

        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), options);

        var described = await handle.DescribeAsync();
        (await described.Memo["who"].ToValueAsync<string>()).ShouldBe("ann");
        (await described.GetStaticSummaryAsync()).ShouldBe("a summary");
        (await described.GetStaticDetailsAsync()).ShouldBe("the details");
    }

    [Theory]
    [InlineData("", "queue", "type")]
    [InlineData("id", "", "type")]
    [InlineData("id", "queue", "")]
    public async Task A_start_without_a_name_is_invalid(string id, string queue, string type)
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.StartWorkflowExecutionAsync(new()
        {
            Namespace = _bench.Namespace,
            WorkflowId = id,
            RequestId = Guid.NewGuid().ToString(),
            WorkflowType = new() { Name = type },
            TaskQueue = new() { Name = queue },
        }));

        failure.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    private async Task<bool> StartsAsync(string id, WorkflowIdReusePolicy policy)
    {
        var options = _bench.With(id);
        options.IdReusePolicy = policy;
        try
        {
            await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("b"), options);
            return true;
        }
        catch (WorkflowAlreadyStartedException)
        {
            return false;
        }
    }
}
