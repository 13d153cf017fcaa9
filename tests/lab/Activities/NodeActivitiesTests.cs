using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Lab.Activities;

/// <summary>The activities of a node's life with the real AWS and Kubernetes clients, on a lab.</summary>
public sealed class NodeActivitiesTests
{
    [Fact]
    public async Task One_node_after_another_is_replaced_and_nobody_notices()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 3);
        using var activities = new HandActivities(run);
        run.Kops.Stage();
        run.Kops.Update();

        foreach (var node in run.Lab.GetStatus().Nodes.OrderBy(n => n.Role == "node"))
            await activities.ReplaceAsync(node.Id, surge: node.Role == "node");
        await run.ProbeAsync();

        var found = await HandActivities.RunAsync(() => activities.Nodes.ValidateClusterAsync(HandActivities.Ref));
        found.Findings.ShouldBeEmpty();
        run.Lab.GetStatus().Nodes.ShouldAllBe(n => n.Ready && !n.NeedsUpdate);
        run.Probes.Snapshot().Failed.ShouldBe(0, run.Describe());
    }

    [Fact]
    public async Task Each_action_done_again_changes_nothing_more()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        run.Kops.Stage();
        run.Kops.Update();
        var input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        await TwiceAsync(() => activities.Nodes.DetachInstanceAsync(input));
        await TwiceAsync(() => activities.Nodes.CordonNodeAsync(input));
        await TwiceAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance }));
        await TwiceAsync(() => activities.Nodes.TerminateInstanceAsync(input));
        await HandActivities.RunAsync(() => activities.Nodes.AwaitGroupAsync(new() { Cluster = input.Cluster, InstanceGroup = "nodes-0", Gone = [input.Instance.Id] }));

        var events = run.Lab.Events.Where(e => e.Instance == input.Instance.Id).Select(e => e.Kind).ToList();
        foreach (var once in new[] { LabEvents.InstanceDetached, LabEvents.NodeCordoned, LabEvents.InstanceTerminating })
            events.Count(k => k == once).ShouldBe(1, once);
    }

    [Fact]
    public async Task The_only_api_server_is_replaced_also_by_another_worker_than_the_one_that_began()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        string only = run.Lab.GetStatus().Nodes.First(n => n.Role == "control-plane").Id;
        using (var first = new HandActivities(run))
            await HandActivities.RunAsync(() => first.Nodes.DrainNodeAsync(new() { Cluster = HandActivities.Ref, Instance = first.Instance(only) }));
        using var second = new HandActivities(run);
        var input = second.Input(only);

        await HandActivities.RunAsync(() => second.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance }));
        // Its end takes the API away before the node object is deleted, which is then done once the replacement serves.
        await Eventually.HoldsAsync(() => HandActivities.RunAsync(() => second.Nodes.TerminateInstanceAsync(input)), TimeSpan.FromSeconds(30));

        await run.UntilAsync(s => s.Ready && s.Nodes.All(n => n.Id != only), "the control plane was not replaced");
        run.Lab.Events.ShouldNotContain(e => e.Kind == LabEvents.TargetDeregistered);
    }

    [Fact]
    public async Task A_pod_that_cannot_be_drained_ends_the_drain_by_name_and_leaves_it_running()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.UndrainablePod, Target = "default/database-0" });
        var input = activities.Input((await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!);

        var refused = await Should.ThrowAsync<ApplicationFailureException>(() => HandActivities.RunAsync(
            () => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance, Timeout = new KopsDuration(TimeSpan.FromSeconds(2)) })));

        refused.ErrorType.ShouldBe(RotationErrors.DrainTimedOut);
        refused.NonRetryable.ShouldBeTrue();
        refused.Message.ShouldContain("default/database-0");
        run.Lab.Events.ShouldNotContain(e => e.Kind == LabEvents.PodEvicted && e.Pod == "default/database-0");
    }

    [Fact]
    public async Task A_worker_leaves_its_load_balancers_when_it_is_drained_and_not_while_it_cannot_be()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        await using var proxy = new DroppingProxy(run.Lab.AwsEndpoint, FreePort.Next());
        using var activities = new HandActivities(run, proxy.Address);
        LabFault stuck = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.UndrainablePod, Target = "default/database-0" });
        var input = activities.Input((await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!);
        Task DrainAsync(int seconds) => HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance, Timeout = new KopsDuration(TimeSpan.FromSeconds(seconds)) }));

        await Should.ThrowAsync<ApplicationFailureException>(() => DrainAsync(1));
        int whileStuck = proxy.Count("DescribeAutoScalingGroups");
        run.Lab.ClearFault(stuck.Id);
        await DrainAsync(60);

        // Which balancers it is to leave is asked only then.
        (whileStuck, proxy.Count("DescribeAutoScalingGroups")).ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_replacement_that_never_joins_is_reported_by_what_is_missing()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-0" });
        var input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        await HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(input));
        var missing = await Should.ThrowAsync<ApplicationFailureException>(() => HandActivities.RunAsync(
            () => activities.Nodes.AwaitGroupAsync(new() { Cluster = input.Cluster, InstanceGroup = "nodes-0", Gone = [input.Instance.Id], Timeout = new KopsDuration(TimeSpan.FromSeconds(3)) })));

        missing.ErrorType.ShouldBe(RotationErrors.ReplacementMissing);
        missing.Message.ShouldContain("1 of 2 instances are ready");
        var found = await HandActivities.RunAsync(() => activities.Nodes.ValidateClusterAsync(HandActivities.Ref));
        found.Findings.ShouldContain(f => f.Contains("has not yet joined cluster", StringComparison.Ordinal));
    }

    private static async Task TwiceAsync(Func<Task> action)
    {
        await HandActivities.RunAsync(action);
        await HandActivities.RunAsync(action);
    }
}
