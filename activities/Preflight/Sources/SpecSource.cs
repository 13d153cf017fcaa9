using Rotation.Activities.Clusters;
using Rotation.Activities.Kops;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>Version and specification through kops.</summary>
internal sealed class SpecSource(IKops kops, ClusterReads reads) : IFactSource
{
    public string Unread => "cluster-unreadable";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        ClusterRef cluster = facts.Input.Cluster;
        KopsVersion version = await kops.VersionAsync(cluster, ct).ConfigureAwait(false);
        var spec = new SpecFacts(
            await reads.Specs.ClusterAsync(cluster, ct).ConfigureAwait(false),
            await reads.Specs.RawGroupsAsync(cluster, ct).ConfigureAwait(false),
            version.Text,
            await reads.LastUpdates.ReadAsync(cluster, ct).ConfigureAwait(false));
        return facts with { Spec = spec };
    }
}

/// <summary>What <c>kops update cluster</c> would change now.</summary>
internal sealed class UpdateSource(ClusterReads reads) : IFactSource
{
    public string Unread => "update-not-previewed";

    public FindingSeverity Severity => FindingSeverity.Warning;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct) =>
        facts with { Update = await reads.Previews.ReadAsync(facts.Input.Cluster, ct).ConfigureAwait(false) };
}

/// <summary>Instances as kops sees them.</summary>
internal sealed class InstanceSource(ClusterReads reads) : IFactSource
{
    public string Unread => "instances-unreadable";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct) =>
        facts with { Instances = (await reads.Instances.ReadAsync(facts.Input.Cluster, ct).ConfigureAwait(false)).Instances };
}
