using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Contracts;

/// <summary>What Kubernetes, or whatever stands in its place, must answer to the calls of the rolling update, through its own client.</summary>
public sealed class KubernetesContract(ContractTarget target) : IClassFixture<ContractTarget>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ICoreV1Operations Core => target.Api.CoreV1;

    [Fact]
    public async Task The_api_says_that_it_is_ready()
    {
        using HttpResponseMessage answer = await target.Api.HttpClient.GetAsync(new Uri(target.Api.BaseUri, "/readyz"), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nodes_say_which_instance_they_are_and_whether_they_are_ready()
    {
        var nodes = (await Core.ListNodeAsync(cancellationToken: Cancel)).Items;

        nodes.Count(n => n.Metadata.Labels["kops.k8s.io/instancegroup"] == target.WorkerGroup).ShouldBeGreaterThanOrEqualTo(2);
        nodes.ShouldAllBe(n => n.Spec.ProviderID.StartsWith("aws:///", StringComparison.Ordinal) && n.Spec.ProviderID.Split('/', StringSplitOptions.None).Last().StartsWith("i-", StringComparison.Ordinal));
        nodes.ShouldAllBe(n => n.Status.Conditions.Single(c => c.Type == "Ready").Status == "True");
    }

    [Fact]
    public async Task A_node_is_cordoned_and_given_back_by_merge_patches_and_a_watch_sees_both()
    {
        string node = (await WorkerAsync()).Metadata.Name;
        string version = (await Core.ListNodeAsync(cancellationToken: Cancel)).Metadata.ResourceVersion;

        await Core.PatchNodeAsync(new V1Patch("""{"spec":{"unschedulable":true}}""", V1Patch.PatchType.MergePatch), node, cancellationToken: Cancel);
        var cordoned = await Core.ReadNodeAsync(node, cancellationToken: Cancel);
        await Core.PatchNodeAsync(new V1Patch("""{"spec":{"unschedulable":null}}""", V1Patch.PatchType.MergePatch), node, cancellationToken: Cancel);
        List<bool> seen = [];
        await foreach ((WatchEventType _, V1Node each) in Core.WatchListNodeAsync(resourceVersion: version, timeoutSeconds: 30, cancellationToken: Cancel))
        {
            if (each.Metadata.Name == node && seen.LastOrDefault() != (each.Spec.Unschedulable == true))
                seen.Add(each.Spec.Unschedulable == true);
            if (seen.Count == 2)
                break;
        }

        cordoned.Spec.Unschedulable.ShouldBe(true);
        seen.ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_change_on_the_condition_of_a_version_is_refused_when_another_came_before()
    {
        V1Node node = await WorkerAsync();
        string stale = node.Metadata.ResourceVersion;
        static string Patch(string version) => $$"""{"metadata":{"annotations":{"rotation/contract":"second"},"resourceVersion":"{{version}}" } }""";

        await Core.PatchNodeAsync(new V1Patch("""{"metadata":{"annotations":{"rotation/contract":"first"}}}""", V1Patch.PatchType.MergePatch), node.Metadata.Name, cancellationToken: Cancel);
        var refused = await Should.ThrowAsync<HttpOperationException>(() => Core.PatchNodeAsync(new V1Patch(Patch(stale), V1Patch.PatchType.MergePatch), node.Metadata.Name, cancellationToken: Cancel));
        await Core.PatchNodeAsync(new V1Patch("""{"metadata":{"annotations":{"rotation/contract":null}}}""", V1Patch.PatchType.MergePatch), node.Metadata.Name, cancellationToken: Cancel);

        refused.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_eviction_waits_for_its_budget_and_is_refused_for_another_pod_of_the_name()
    {
        string name = $"contract-{Guid.NewGuid():n}";
        var labels = new Dictionary<string, string> { ["app"] = name };
        await Core.CreateNamespacedPodAsync(new V1Pod { Metadata = new() { Name = name, Labels = labels }, Spec = new() { Containers = [new() { Name = "main", Image = "registry.k8s.io/pause:3.9" }] } }, "default", cancellationToken: Cancel);
        await target.Api.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(new V1PodDisruptionBudget { Metadata = new() { Name = name }, Spec = new() { MinAvailable = 1, Selector = new() { MatchLabels = labels } } }, "default", cancellationToken: Cancel);
        V1Pod pod = await Eventually.GetAsync(() => Core.ReadNamespacedPodAsync(name, "default", cancellationToken: Cancel), p => p.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true, TimeSpan.FromMinutes(2));

        var held = await Should.ThrowAsync<HttpOperationException>(() => EvictAsync(name, pod.Metadata.Uid));
        var other = await Should.ThrowAsync<HttpOperationException>(() => EvictAsync(name, Guid.NewGuid().ToString()));
        await target.Api.PolicyV1.DeleteNamespacedPodDisruptionBudgetAsync(name, "default", cancellationToken: Cancel);
        await Eventually.HoldsAsync(() => EvictAsync(name, pod.Metadata.Uid), TimeSpan.FromSeconds(30));
        var gone = await Eventually.GetAsync(() => Record.ExceptionAsync(() => Core.ReadNamespacedPodAsync(name, "default", cancellationToken: Cancel)).AsTask(), e => e is HttpOperationException, TimeSpan.FromMinutes(2));
        var late = await Should.ThrowAsync<HttpOperationException>(() => EvictAsync(name, pod.Metadata.Uid));

        held.Response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        other.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        ((HttpOperationException)gone!).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        late.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pods_of_a_node_are_found_by_field_and_say_who_owns_them()
    {
        string node = (await WorkerAsync()).Metadata.Name;

        var pods = (await Core.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={node}", cancellationToken: Cancel)).Items;

        pods.ShouldNotBeEmpty();
        pods.ShouldAllBe(p => p.Spec.NodeName == node);
        pods.ShouldContain(p => p.Metadata.OwnerReferences.Any(o => o.Kind == "DaemonSet" && o.Controller == true));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var gone = await Should.ThrowAsync<HttpOperationException>(() => Core.DeleteNodeAsync("contract-not-there", cancellationToken: Cancel));

        gone.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<V1Node> WorkerAsync() => (await Core.ListNodeAsync(labelSelector: $"kops.k8s.io/instancegroup={target.WorkerGroup}", cancellationToken: Cancel)).Items[0];

    private Task<V1Eviction> EvictAsync(string pod, string uid) => Core.CreateNamespacedPodEvictionAsync(
        new V1Eviction { Metadata = new() { Name = pod, NamespaceProperty = "default" }, DeleteOptions = new() { Preconditions = new() { Uid = uid } } }, pod, "default", cancellationToken: Cancel);
}
