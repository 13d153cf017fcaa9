using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kubernetes;

/// <summary>What people do by hand works on the lab with the tool that they use.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task Get_prints_nodes_and_pods_as_tables_and_as_objects()
    {
        Kubectl.SkipUnlessPresent();
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var kubectl = new Kubectl(run);

        var nodes = Lines(await kubectl.RunAsync("get", "nodes"));
        var wide = Lines(await kubectl.RunAsync("get", "pods", "--all-namespaces"));
        var names = await kubectl.RunAsync("get", "nodes", "-l", "kops.k8s.io/instancegroup=nodes-0", "-o", "jsonpath={.items[*].metadata.name}");
        var (code, _, error) = await kubectl.TryAsync("get", "pod", "not-there");

        nodes[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["NAME", "STATUS", "ROLES", "AGE", "VERSION"]);
        nodes.Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]).Select(c => $"{c[1]} {c[2]}").ShouldBe(["Ready control-plane", "Ready node", "Ready node"], ignoreOrder: true);
        wide.ShouldContain(l => l.Contains("kube-apiserver-", StringComparison.Ordinal) && l.Contains("1/1", StringComparison.Ordinal) && l.Contains("Running", StringComparison.Ordinal));
        names.Split(' ').ShouldBe(run.Lab.GetStatus().Nodes.Where(n => n.Role == "node").Select(n => n.Id), ignoreOrder: true);
        code.ShouldBe(1);
        error.ShouldContain("Error from server (NotFound): pods \"not-there\" not found");
    }

    [Fact]
    public async Task Describe_tells_of_a_node_and_the_key_set_of_the_server_is_as_of_its_boot()
    {
        Kubectl.SkipUnlessPresent();
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var kubectl = new Kubectl(run);
        var node = run.Lab.GetStatus().Nodes.Single(n => n.Role == "node").Id;
        run.Kops.Stage("service-account");
        run.Kops.Update();

        var described = await kubectl.RunAsync("describe", "node", node);
        var before = await kubectl.RunAsync("get", "--raw", "/openid/v1/jwks");
        await run.RollAsync("control-plane");
        var after = await kubectl.RunAsync("get", "--raw", "/openid/v1/jwks");
        var issuer = await kubectl.RunAsync("get", "--raw", "/.well-known/openid-configuration");

        described.ShouldContain("kops.k8s.io/instancegroup=nodes-0");
        Lines(described).ShouldContain(l => l.Trim().StartsWith("Ready ", StringComparison.Ordinal) && l.Contains(" True ", StringComparison.Ordinal));
        before.Split("\"kid\"").Length.ShouldBe(2);
        after.Split("\"kid\"").Length.ShouldBe(3);
        issuer.ShouldContain("\"issuer\":\"https://api.internal.lab.example.com\"");
    }

    [Fact]
    public async Task Cordon_and_uncordon_change_the_node()
    {
        Kubectl.SkipUnlessPresent();
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var kubectl = new Kubectl(run);
        var node = run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id;

        var first = await kubectl.RunAsync("cordon", node);
        var shown = await kubectl.RunAsync("get", "node", node);
        var again = await kubectl.RunAsync("cordon", node);
        await kubectl.RunAsync("uncordon", node);

        first.Trim().ShouldBe($"node/{node} cordoned");
        shown.ShouldContain("Ready,SchedulingDisabled");
        again.Trim().ShouldBe($"node/{node} already cordoned");
        run.Lab.Events.Where(e => e.Instance == node && e.Kind is LabEvents.NodeCordoned or LabEvents.NodeUncordoned).Select(e => e.Kind)
            .ShouldBe([LabEvents.NodeCordoned, LabEvents.NodeUncordoned]);
    }

    [Fact]
    public async Task Drain_evicts_by_the_budgets_and_delete_forgets_the_node_until_its_kubelet_is_back()
    {
        Kubectl.SkipUnlessPresent();
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        using var kubectl = new Kubectl(run);
        var node = run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id;

        var drained = await kubectl.RunAsync("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=50s");
        var left = await kubectl.RunAsync("get", "pods", "--all-namespaces", "--field-selector", $"spec.nodeName={node}", "-o", "name");
        var deleted = await kubectl.RunAsync("delete", "node", node);

        drained.ShouldContain($"node/{node} drained");
        Lines(left).ShouldAllBe(p => p.StartsWith("pod/cilium-", StringComparison.Ordinal) || p.StartsWith("pod/kube-proxy-", StringComparison.Ordinal));
        deleted.Trim().ShouldBe($"node \"{node}\" deleted");
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.PodEvicted && e.Instance == node);
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.NodeDeleted && e.Instance == node);
    }

    [Fact]
    public async Task Drain_waits_for_a_budget_that_allows_nothing_and_says_so()
    {
        Kubectl.SkipUnlessPresent();
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var kubectl = new Kubectl(run);
        var fault = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.BudgetOfZero });
        var node = (await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!;

        var (code, _, error) = await kubectl.TryAsync("drain", node, "--ignore-daemonsets", "--timeout=3s");
        run.Lab.ClearFault(fault.Id).ShouldBeTrue();
        await kubectl.RunAsync("drain", node, "--ignore-daemonsets", "--timeout=50s");

        code.ShouldBe(1);
        error.ShouldContain("Cannot evict pod as it would violate the pod's disruption budget.");
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.EvictionRefused);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
