using Amazon.EC2;
using Amazon.EC2.Model;
using Rotation.Lab;
using Rotation.Tests.Lab.Activities;
using Rotation.Tests.Lab.Aws;
using Rotation.Tests.Lab.Cluster;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Lab.Faults;

/// <summary>Faults of the services that a roll calls, and what its activities make of them. A share of 1 stands for a service that is down.</summary>
public sealed class ServiceFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_api_is_a_passing_failure_and_a_share_of_failures_is_retried_away()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        var input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        var all = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.ApiErrorRate, Value = 1 });
        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => HandActivities.RunAsync(() => activities.Nodes.CordonNodeAsync(input)));
        run.Lab.ClearFault(all.Id);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.ApiErrorRate, Value = 0.3 });
        await UntilDoneAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance }));

        (failure.ErrorType, failure.NonRetryable).ShouldBe((RotationErrors.ApiUnavailable, false));
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.NodeCordoned && e.Instance == input.Instance.Id);
    }

    [Theory]
    [InlineData(LabFaultKind.AwsThrottling)]
    [InlineData(LabFaultKind.AwsErrorRate)]
    public async Task A_failing_cloud_is_a_passing_failure_and_a_share_of_failures_is_retried_away(LabFaultKind kind)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        var input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        var all = run.Lab.SetFault(new LabFault { Kind = kind, Value = 1 });
        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(input)));
        run.Lab.ClearFault(all.Id);
        run.Lab.SetFault(new LabFault { Kind = kind, Value = 0.3 });
        await UntilDoneAsync(() => activities.Nodes.TerminateInstanceAsync(input));
        await UntilDoneAsync(() => activities.Nodes.AwaitGroupAsync(new() { Cluster = input.Cluster, InstanceGroup = "nodes-0", Gone = [input.Instance.Id] }));

        (failure.ErrorType, failure.NonRetryable).ShouldBe((RotationErrors.CloudUnavailable, false));
        run.Lab.Events.Count(e => e.Kind == LabEvents.InstanceTerminating && e.Instance == input.Instance.Id).ShouldBe(1);
    }

    [Fact]
    public async Task Late_answers_of_aws_make_no_instance_gone_or_there_before_it_is()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        using var aws = new Clients(run.Lab.AwsEndpoint);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsEventualConsistency, Value = 400 });
        var input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        await HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(input));
        var shown = (await aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [input.Instance.Id] }, Cancel)).Reservations.Single().Instances.Single();
        var group = await HandActivities.RunAsync(() => activities.Nodes.AwaitGroupAsync(new() { Cluster = input.Cluster, InstanceGroup = "nodes-0", Gone = [input.Instance.Id] }));

        shown.State.Name.ShouldBe(InstanceStateName.Running);
        group.Instances.Count.ShouldBe(2);
        group.Instances.ShouldAllBe(i => i.Id != input.Instance.Id);
        run.Lab.GetStatus().Nodes.ShouldAllBe(n => n.Ready);
    }

    [Theory]
    [InlineData(LabFaultKind.UndrainablePod, "default/database-0")]
    [InlineData(LabFaultKind.BudgetOfZero, "default/database")]
    public async Task A_pod_that_may_not_go_holds_its_drain_and_lets_it_through_when_cleared(LabFaultKind kind, string target)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        var fault = run.Lab.SetFault(new LabFault { Kind = kind, Target = target });
        var input = activities.Input((await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!);

        var drain = HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance, Timeout = KopsDuration.FromMinutes(1) }));
        await run.SeesAsync(e => e is { Kind: LabEvents.EvictionRefused, Pod: "default/database-0" }, "nothing was refused");
        drain.IsCompleted.ShouldBeFalse();
        run.Lab.ClearFault(fault.Id);
        var drained = await drain;

        drained.Evicted.ShouldBeGreaterThan(0);
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.PodEvicted && e.Pod == "default/database-0");
    }

    /// <summary>Retries what passes, as the worker's retry policy does.</summary>
    private static async Task UntilDoneAsync(Func<Task> activity)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await HandActivities.RunAsync(activity);
                return;
            }
            catch (ApplicationFailureException e) when (!e.NonRetryable && attempt < 50)
            {
                // The next attempt finds what this one did.
            }
        }
    }
}
