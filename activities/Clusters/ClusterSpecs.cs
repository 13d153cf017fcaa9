using System.Text.Json;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>Reads the specification of a cluster and its instance groups by <c>kops get … -o json</c>: one object or a list of them, in either API version.</summary>
internal sealed class ClusterSpecs(IKops kops, RotationOptions options)
{
    /// <summary>The cluster's object. Fails with <c>ClusterNotFound</c>. The caller disposes of the document.</summary>
    public async Task<JsonElement> ClusterAsync(ClusterRef cluster, CancellationToken ct)
    {
        IEnumerable<JsonElement> all = await GetAsync(cluster, "cluster", ct).ConfigureAwait(false);
        JsonElement[] named = [.. all.Where(c => KopsJson.Text(c, "metadata", "name") == cluster.Name)];
        return named.Length == 1 ? named[0] : throw RotationErrors.Permanent(RotationErrors.ClusterNotFound, $"kops knows no cluster '{cluster.Name}' in the state store.");
    }

    /// <summary>Instance groups in the order in which kOps rolls them.</summary>
    public async Task<IReadOnlyList<InstanceGroupFacts>> GroupsAsync(ClusterRef cluster, CancellationToken ct)
    {
        IEnumerable<JsonElement> all = await RawGroupsAsync(cluster, ct).ConfigureAwait(false);
        return [.. all.Select(Group).OrderBy(g => g.Role).ThenBy(g => g.Name, StringComparer.Ordinal)];
    }

    /// <summary>Instance groups as kops prints them.</summary>
    public async Task<IReadOnlyList<JsonElement>> RawGroupsAsync(ClusterRef cluster, CancellationToken ct) => [.. await GetAsync(cluster, "instancegroups", ct).ConfigureAwait(false)];

    /// <summary>Cloud provider of a cluster's object; empty when it names none.</summary>
    public static string CloudOf(JsonElement spec) => KopsJson.At(spec, "spec", "cloudProvider") switch
    {
        // v1alpha2 has a word, v1alpha3 an object with one field.
        { ValueKind: JsonValueKind.String } word => word.GetString() ?? "",
        { ValueKind: JsonValueKind.Object } one => one.EnumerateObject().Select(p => p.Name).FirstOrDefault() ?? "",
        _ => "",
    };

    /// <summary>First zone of the specification, or null.</summary>
    public async Task<string?> FirstZoneAsync(ClusterRef cluster, CancellationToken ct)
    {
        JsonElement spec = await ClusterAsync(cluster, ct).ConfigureAwait(false);
        return KopsJson.List(spec, "spec", "subnets").Concat(KopsJson.List(spec, "spec", "networking", "subnets")).Select(s => KopsJson.Text(s, "zone")).FirstOrDefault(z => !string.IsNullOrEmpty(z));
    }

    private async Task<IEnumerable<JsonElement>> GetAsync(ClusterRef cluster, string kind, CancellationToken ct)
    {
        KopsAnswer answer = await kops.RunAsync(cluster, new() { Arguments = ["get", kind, "-o", "json"], Deadline = options.Deadlines.KopsRead }, ct).ConfigureAwait(false);
        return KopsJson.Objects(answer.Output, $"kops get {kind}");
    }

    private static InstanceGroupFacts Group(JsonElement group) => new(
        KopsJson.Text(group, "metadata", "name") ?? "",
        RoleOf(KopsJson.Text(group, "spec", "role")),
        KopsJson.Number(group, "spec", "minSize") ?? 1,
        KopsJson.Number(group, "spec", "maxSize") ?? 1,
        [.. KopsJson.List(group, "spec", "subnets").Select(s => s.GetString() ?? "")]);

    private static InstanceGroupRole RoleOf(string? role) => role switch
    {
        "Master" or "ControlPlane" => InstanceGroupRole.ControlPlane,
        "APIServer" => InstanceGroupRole.ApiServer,
        "Bastion" => InstanceGroupRole.Bastion,
        "Node" => InstanceGroupRole.Node,
        _ => throw RotationErrors.Permanent(RotationErrors.KopsFailed, $"kops reports an instance group of the role '{role}', which we do not know."),
    };
}
