using System.Text.Json;
using System.Text.RegularExpressions;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Clusters;

/// <summary>Reads a cluster and applies its specification. Updating is idempotent: kops changes nothing when there is nothing to change.</summary>
internal sealed partial class ClusterActivities(ClusterReads reads, IKops kops, ClusterLeases leases, RotationOptions options) : IClusterActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<ClusterFacts> ReadClusterAsync(ClusterRef cluster)
    {
        KopsVersion version = await kops.VersionAsync(cluster, Token).ConfigureAwait(false);
        string last = await reads.LastUpdates.ReadAsync(cluster, Token).ConfigureAwait(false);
        JsonElement spec = await reads.Specs.ClusterAsync(cluster, Token).ConfigureAwait(false);
        return new()
        {
            Name = cluster.Name,
            StateStore = reads.StateStoreOf(cluster),
            KopsVersion = version.Text,
            KubernetesVersion = KopsJson.Text(spec, "spec", "kubernetesVersion") ?? "",
            CloudProvider = ClusterSpecs.CloudOf(spec),
            JwksPublished = !string.IsNullOrEmpty(KopsJson.Text(spec, "spec", "serviceAccountIssuerDiscovery", "discoveryStore")),
            ApiHasOwnCertificate = !string.IsNullOrEmpty(KopsJson.Text(spec, "spec", "api", "loadBalancer", "sslCertificate")),
            KopsChangeDeadline = new(options.Deadlines.KopsChange + options.Deadlines.KopsGrace),
            KopsUpdateDeadline = new(options.Deadlines.KopsUpdate + options.Deadlines.KopsGrace),
            InstanceGroups = await reads.Specs.GroupsAsync(cluster, Token).ConfigureAwait(false),
            LastUpdatedBy = last,
            Warnings = KopsVersion.Compare(version.Text, last) < 0 ? [$"The cluster was last updated by kops {last}, which is newer than the worker's {version.Text}."] : [],
        };
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<KeysetList> ReadKeysetsAsync(ClusterRef cluster)
    {
        await using Pulse pulse = Pulse.Start($"reads the keysets of {cluster.Name}", options.Deadlines.Poll);
        return await reads.Keysets.ReadAllAsync(cluster, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public Task<UpdatePreview> PreviewUpdateAsync(ClusterRef cluster) => reads.Previews.ReadAsync(cluster, Token);

    /// <inheritdoc/>
    [Activity]
    public async Task<UpdateResult> UpdateClusterAsync(ClusterRef cluster)
    {
        await using (ClusterLease lease = await leases.AcquireAsync(cluster, Token).ConfigureAwait(false))
        {
            var command = new KopsCommand { Arguments = ["update", "cluster", "--yes", "--create-kube-config=false"], Deadline = lease.Limit(options.Deadlines.KopsUpdate), HeldLock = lease.KopsLock };
            try
            {
                await kops.RunAsync(cluster, command, Token).ConfigureAwait(false);
            }
            catch (ApplicationFailureException e) when (MissingCa().IsMatch(e.Message))
            {
                // kops makes the missing CA while it fails; the documented answer is to run it again.
                await kops.RunAsync(cluster, command, Token).ConfigureAwait(false);
            }
        }

        return new(await reads.Instances.NeedUpdateAsync(cluster, Token).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    [Activity]
    public Task<InstanceList> ReadInstancesAsync(ClusterRef cluster) => reads.Instances.ReadAsync(cluster, Token);

    [GeneratedRegex(@"(?i)\bca\b""?'?.{0,40}(not found|missing)|(not found|missing|cannot find).{0,40}\bca\b")]
    private static partial Regex MissingCa();
}
