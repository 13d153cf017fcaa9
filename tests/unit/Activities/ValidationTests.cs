using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class ValidationTests
{
    private static readonly Dictionary<string, InstanceGroupRole> Roles = new() { ["nodes"] = InstanceGroupRole.Node, ["masters"] = InstanceGroupRole.ControlPlane, ["bastions"] = InstanceGroupRole.Bastion };

    [Fact]
    public void A_healthy_cluster_has_no_findings_and_bastions_never_join() => Validation.FindingsOf(View([Node("m1"), Node("w1"), Node("w2")])).ShouldBeEmpty();

    [Fact]
    public void Missing_and_unready_machines_are_found_in_the_words_of_kops() =>
        Validation.FindingsOf(View([Node("m1"), Node("w1", ready: false)])).ShouldBe(["machine \"w2\" has not yet joined cluster", "node \"w1\" is not ready"], ignoreOrder: true);

    [Fact]
    public void As_many_worker_machines_as_are_replaced_may_be_missing_each_counted_once()
    {
        ClusterView view = View([Node("m1"), Node("w1", ready: false)], [Pod("proxy", "w1", ready: false)]);
        Validation.FindingsOf(view, tolerate: 2).ShouldBeEmpty();
        Validation.FindingsOf(view, tolerate: 1).Count.ShouldBe(3);
    }

    [Fact]
    public void What_is_wrong_with_the_control_plane_or_with_a_pod_that_is_nowhere_is_never_tolerated()
    {
        Validation.FindingsOf(View([Node("m1", ready: false), Node("w1"), Node("w2")]), tolerate: 9).ShouldBe(["node \"m1\" is not ready"]);
        Validation.FindingsOf(View([Node("w1"), Node("w2")]), tolerate: 9).ShouldBe(["machine \"m1\" has not yet joined cluster"]);
        Validation.FindingsOf(View([Node("m1"), Node("w1"), Node("w2")], [Pod("coredns", null, ready: false)]), tolerate: 9).ShouldBe(["system-critical pod \"coredns\" is not ready"]);
        Validation.FindingsOf(View([Node("m1"), Node("w1"), Node("w2")]) with { Health = "answered 500" }, tolerate: 9).ShouldBe(["The API server answered 500"]);
    }

    [Fact]
    public void Every_control_plane_node_must_have_its_etcd_member()
    {
        V1Pod elsewhere = Pod("etcd-manager-main-m0", "m0", ready: true, app: "etcd-manager-main");
        Validation.FindingsOf(View([Node("m1"), Node("w1"), Node("w2")], [elsewhere]), tolerate: 9).ShouldBe(["control-plane node \"m1\" is missing a ready pod of etcd-manager-main"]);
        Validation.FindingsOf(View([Node("m1"), Node("w1"), Node("w2")], [elsewhere, Pod("etcd-manager-main-m1", "m1", ready: true, app: "etcd-manager-main")])).ShouldBeEmpty();
    }

    private static ClusterView View(IReadOnlyList<V1Node> nodes, IReadOnlyList<V1Pod>? pods = null) => new(
        [Group("masters", "m1"), Group("nodes", "w1", "w2"), Group("bastions", "b1")], Roles, nodes, pods ?? [], "");

    private static CloudGroup Group(string name, params string[] ids) => new(name, name, ids.Length, [.. ids.Select(i => new CloudInstance(i, "us-east-1a", UpToDate: true, InService: true))]);

    private static V1Node Node(string id, bool ready = true) => new()
    {
        Metadata = new() { Name = id },
        Spec = new() { ProviderID = $"aws:///us-east-1a/{id}" },
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }] },
    };

    private static V1Pod Pod(string name, string? node, bool ready, string? app = null) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = "kube-system", Labels = app is null ? null : new Dictionary<string, string> { ["k8s-app"] = app } },
        Spec = new() { NodeName = node, PriorityClassName = "system-node-critical", Containers = [] },
        Status = new() { Phase = "Running", ContainerStatuses = [new() { Ready = ready, Name = "c", Image = "i", ImageID = "x", RestartCount = 0 }] },
    };
}
