using System.Text.Json;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>Reads instances by <c>kops get instances -o json</c>, which needs a kubeconfig that works.</summary>
internal sealed class InstanceReader(IKops kops, ClusterSpecs specs, WorkerCredential credential, RotationOptions options)
{
    /// <summary>Every instance, sorted by instance group and id.</summary>
    public async Task<InstanceList> ReadAsync(ClusterRef cluster, CancellationToken ct)
    {
        Task<IReadOnlyList<InstanceGroupFacts>> reading = specs.GroupsAsync(cluster, ct);
        IReadOnlyList<JsonElement> instances = await AskAsync(cluster, ct).ConfigureAwait(false);
        IReadOnlyList<InstanceGroupFacts> groups = await reading.ConfigureAwait(false);
        return new([.. instances.Select(i => Describe(i, groups)).OrderBy(i => i.InstanceGroup, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)]);
    }

    /// <summary>Ids of the instances that need the update, sorted.</summary>
    public async Task<IReadOnlyList<string>> NeedUpdateAsync(ClusterRef cluster, CancellationToken ct) =>
        [.. (await AskAsync(cluster, ct).ConfigureAwait(false)).Select(i => Describe(i, [])).Where(i => i.NeedsUpdate).Select(i => i.Id).Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<JsonElement>> AskAsync(ClusterRef cluster, CancellationToken ct)
    {
        using var folder = new SecretFolder();
        string kubeconfig = folder.File("kubeconfig");
        await PrivateFiles.CreateAsync(kubeconfig, (await credential.GetAsync(cluster, ct).ConfigureAwait(false)).ToBytes(), ct).ConfigureAwait(false);
        bool table = (await kops.VersionAsync(cluster, ct).ConfigureAwait(false)).Minor < KopsVersion.GracefulMinor;
        var command = new KopsCommand { Arguments = ["get", "instances", "-o", table ? "table" : "json"], Deadline = options.Deadlines.KopsRead, Kubeconfig = kubeconfig };
        KopsAnswer answer = await kops.RunAsync(cluster, command, ct).ConfigureAwait(false);
        return table ? InstanceTable.Read(answer.Output) : KopsJson.Objects(answer.Output, "kops get instances");
    }

    private static InstanceState Describe(JsonElement instance, IReadOnlyList<InstanceGroupFacts> groups)
    {
        string name = KopsJson.Text(instance, "instanceGroup") ?? "";
        InstanceGroupFacts? group = groups.FirstOrDefault(g => g.Name == name);
        string? node = KopsJson.Text(instance, "nodeName");
        string status = KopsJson.Text(instance, "status") ?? "";
        return new()
        {
            Id = KopsJson.Text(instance, "id") ?? "",
            NodeName = string.IsNullOrEmpty(node) ? null : node,
            InstanceGroup = name,
            Role = group?.Role ?? InstanceGroupRole.Node,
            // kops does not print the zone; a group of one subnet has one.
            Zone = KopsJson.Text(instance, "zone") ?? (group?.Subnets is [{ } only] ? only : ""),
            // "NeedsUpdate" in kops' sources; older ones printed "NeedUpdate".
            NeedsUpdate = status.Replace("s", "", StringComparison.OrdinalIgnoreCase).Equals("NeedUpdate", StringComparison.OrdinalIgnoreCase) || status == "Detached",
            Detached = status == "Detached",
        };
    }
}
