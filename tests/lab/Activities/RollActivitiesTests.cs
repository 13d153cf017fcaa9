using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Lab.Activities;

/// <summary>What a roll does beside the life of a single node, with the real AWS and Kubernetes clients, on a lab.</summary>
public sealed class RollActivitiesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_fleet_is_read_with_zones_nodes_and_what_needs_the_update_detached_ones_included()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        using var activities = new HandActivities(run);
        run.Kops.Stage();
        run.Kops.Update();
        string detached = run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id;
        await HandActivities.RunAsync(() => activities.Nodes.DetachInstanceAsync(activities.Input(detached)));
        await run.UntilAsync(s => s.Nodes.Count(n => n.Role == "node" && n.Ready) == 4, "no replacement came");

        InstanceList fleet = await HandActivities.RunAsync(() => activities.Nodes.ReadFleetAsync(new() { Cluster = HandActivities.Ref }));

        fleet.Instances.Count.ShouldBe(5);
        fleet.Instances.ShouldAllBe(i => i.Zone.StartsWith("us-east-1", StringComparison.Ordinal) && i.NodeName != null);
        fleet.Instances.Where(i => i.Detached).Select(i => i.Id).ShouldBe([detached]);
        fleet.Instances.Count(i => i.NeedsUpdate).ShouldBe(4);
        fleet.Instances.Count(i => i.Role == InstanceGroupRole.ControlPlane).ShouldBe(1);
        InstanceList blind = await HandActivities.RunAsync(() => activities.Nodes.ReadFleetAsync(new() { Cluster = HandActivities.Ref, CloudOnly = true }));
        blind.Instances.Select(i => i.Id).ShouldBe(fleet.Instances.Select(i => i.Id));
        blind.Instances.ShouldAllBe(i => i.NodeName == null);
    }

    [Fact]
    public async Task Scale_down_is_held_on_every_node_and_only_what_was_held_is_given_back()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        V1Node theirs = (await activities.Kubernetes.NodesAsync(HandActivities.Ref, None))[0];
        await activities.Kubernetes.HoldScaleDownAsync(HandActivities.Ref, theirs, None);
        // As a person holds it: without our note.
        await DropNoteAsync(activities, theirs.Metadata.Name);

        (await HandActivities.RunAsync(() => activities.Nodes.HoldScaleDownAsync(HandActivities.Ref))).ShouldBe(2);
        (await HandActivities.RunAsync(() => activities.Nodes.HoldScaleDownAsync(HandActivities.Ref))).ShouldBe(0);
        (await HeldAsync(activities)).Count.ShouldBe(3);
        await HandActivities.RunAsync(() => activities.Nodes.ReleaseScaleDownAsync(HandActivities.Ref));
        (await HandActivities.RunAsync(() => activities.Nodes.ReleaseScaleDownAsync(HandActivities.Ref))).ShouldBe(0);
        (await HeldAsync(activities)).ShouldBe([theirs.Metadata.Name]);
    }

    [Fact]
    public async Task Nodes_to_replace_are_tainted_as_kops_does_and_nothing_else_is_touched()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        string[] workers = [.. run.Lab.GetStatus().Nodes.Where(n => n.Role == "node").Select(n => n.Id)];
        foreach (bool remove in new[] { false, false, true, true })
        {
            await HandActivities.RunAsync(() => activities.Nodes.TaintNodesAsync(new() { Cluster = HandActivities.Ref, Instances = [.. workers, "i-gone"], Remove = remove }));
            IList<V1Node> nodes = await activities.Kubernetes.NodesAsync(HandActivities.Ref, None);
            nodes.Count(n => n.Spec.Taints?.Any(t => t is { Key: "kops.k8s.io/scheduled-for-update", Effect: "PreferNoSchedule" }) == true).ShouldBe(remove ? 0 : 2);
            nodes.Count(n => n.Spec.Taints?.Any(t => t.Key == "node-role.kubernetes.io/control-plane") == true).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_node_is_taken_out_of_load_balancers_with_its_cordon_and_only_what_was_done_is_taken_back()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        NodeInput input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);
        await HandActivities.RunAsync(() => activities.Nodes.CordonNodeAsync(input));
        V1Node node = (await activities.Kubernetes.NodeAsync(HandActivities.Ref, input.Instance.NodeName!, None))!;
        node.Metadata.Labels.ShouldContainKey(NodeMarks.ExcludeFromBalancers);
        node.Spec.Unschedulable.ShouldBe(true);

        await HandActivities.RunAsync(() => activities.Nodes.UncordonNodeAsync(input));
        node = (await activities.Kubernetes.NodeAsync(HandActivities.Ref, input.Instance.NodeName!, None))!;
        node.Metadata.Labels.ShouldNotContainKey(NodeMarks.ExcludeFromBalancers);
        node.Spec.Unschedulable.ShouldNotBe(true);
    }

    [Fact]
    public async Task Two_nodes_with_replicas_of_one_StatefulSet_drained_at_once_never_have_both_away_whatever_the_budget_allows()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        using var activities = new HandActivities(run);
        LabEvent first = await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start");
        LabEvent second = await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-1" }, "database-1 did not start");
        if (second.Instance == first.Instance)
        {
            // A node that was ready long before the others has got both.
            await run.UntilAsync(s => s.Nodes.All(n => n.Ready), "a node is not ready");
            await activities.DeletePodAsync("default", "database-1");
            second = await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-1" } && e.Instance != first.Instance, "database-1 did not move");
        }

        await activities.DeleteBudgetAsync("default", "database");
        long began = run.Lab.Events[^1].Sequence;

        await Task.WhenAll(new[] { first, second }.Select(e => HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = HandActivities.Ref, Instance = activities.Instance(e.Instance!) }))));

        Rotation.Lab.Invariants.RollChecker.Check(run.Lab.Events, began, new() { OtherGroups = 3 }).Where(v => v.Rule == "stateful-set").ShouldBeEmpty(run.Describe());
        run.Lab.Events.Count(e => e.Sequence > began && e.Kind == LabEvents.PodEvicted && e.Pod is "default/database-0" or "default/database-1").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task By_force_a_pod_that_its_budget_holds_back_is_deleted_when_half_of_the_time_is_over()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.UndrainablePod, Target = "default/database-0" });
        InstanceState instance = activities.Instance((await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!);
        await HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = HandActivities.Ref, Instance = instance, Timeout = new KopsDuration(TimeSpan.FromSeconds(4)), Force = true }));
        (await activities.Kubernetes.PodsAsync(HandActivities.Ref, instance.NodeName, null, None)).ShouldNotContain(p => p.Metadata.Name == "database-0");
    }

    [Fact]
    public async Task One_replacement_is_waited_for_while_another_of_its_group_is_missing()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        using var activities = new HandActivities(run);
        run.Kops.Stage();
        run.Kops.Update();
        string[] workers = [.. run.Lab.GetStatus().Nodes.Where(n => n.Role == "node").Select(n => n.Id)];
        await HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(activities.Input(workers[0])));
        await run.UntilAsync(s => s.Nodes.Any(n => n.Role == "node" && n.Ready && !n.NeedsUpdate), "the first replacement did not come");
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-0" });
        NodeInput second = activities.Input(workers[1]);
        await HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(second));

        AwaitGroupInput Await(int oldLeft, int tolerate) => new() { Cluster = HandActivities.Ref, InstanceGroup = "nodes-0", Role = InstanceGroupRole.Node, OldLeft = oldLeft, Tolerate = tolerate, ValidateCount = 2, HoldScaleDown = true, Timeout = KopsDuration.FromSeconds(5) };
        InstanceList ready = await HandActivities.RunAsync(() => activities.Nodes.AwaitGroupAsync(Await(oldLeft: 2, tolerate: 1)));
        ready.Instances.Count(i => !i.NeedsUpdate).ShouldBeGreaterThanOrEqualTo(1);
        (await HeldAsync(activities)).Count.ShouldBe(1);
        // For itself the second is missing, and to whoever tolerates nothing the cluster is not healthy.
        (await FailureAsync(() => activities.Nodes.AwaitGroupAsync(Await(oldLeft: 1, tolerate: 1)))).ShouldBe(RotationErrors.ReplacementMissing);
        (await FailureAsync(() => activities.Nodes.AwaitGroupAsync(Await(oldLeft: 2, tolerate: 0)))).ShouldBe(RotationErrors.ValidationFailed);
    }

    private static async Task<string?> FailureAsync(Func<Task> activity) => (await Should.ThrowAsync<ApplicationFailureException>(() => HandActivities.RunAsync(activity))).ErrorType;

    private static async Task<IReadOnlyList<string>> HeldAsync(HandActivities activities) =>
        [.. (await activities.Kubernetes.NodesAsync(HandActivities.Ref, None)).Where(n => n.Metadata.Annotations?.ContainsKey(NodeMarks.ScaleDownDisabled) == true).Select(n => n.Metadata.Name)];

    private static async Task DropNoteAsync(HandActivities activities, string node)
    {
        k8s.IKubernetes api = await activities.ConnectAsync();
        await k8s.CoreV1OperationsExtensions.PatchNodeAsync(api.CoreV1, NodeMarks.Patch(new { metadata = new { annotations = new Dictionary<string, string?> { [NodeMarks.HeldByUs] = null } } }), node);
    }
}
