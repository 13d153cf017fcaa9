using k8s.Models;
using Rotation.Activities.Clusters;
using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Nodes;

/// <summary>Compares what the cloud runs with the nodes that joined.</summary>
internal sealed class GroupWatch(ICloud cloud, KubernetesNodes nodes, ClusterSpecs specs, RotationOptions options)
{
    /// <summary>Waits until a group has as many ready nodes as it wants, every one that is up to date among them, and none of those that must be gone.</summary>
    public async Task<InstanceList> AwaitAsync(AwaitGroupInput input, CancellationToken ct)
    {
        InstanceGroupRole role = input.CloudOnly ? InstanceGroupRole.Bastion : input.Role ?? await RoleAsync(input, ct).ConfigureAwait(false);
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(options.Deadlines.Poll);
        int valid = 0;
        while (true)
        {
            (string missing, InstanceList? ready) = await LookAsync(input, role, ct).ConfigureAwait(false);
            string finding = ready is null || valid >= input.ValidateCount ? "" : await FirstFindingAsync(input.Cluster, ct).ConfigureAwait(false);
            valid = ready is null || finding.Length > 0 ? 0 : valid + 1;
            if (ready is not null && valid >= input.ValidateCount)
                return ready;
            if (TimeProvider.System.GetElapsedTime(start) > input.Timeout.Value)
                throw TooLate(input, missing, finding);
            if (ActivityExecutionContext.HasCurrent)
                ActivityExecutionContext.Current.Heartbeat(missing.Length > 0 ? missing : finding);
            await timer.WaitForNextTickAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task<InstanceGroupRole> RoleAsync(AwaitGroupInput input, CancellationToken ct) =>
        (await specs.GroupsAsync(input.Cluster, ct).ConfigureAwait(false)).FirstOrDefault(g => g.Name == input.InstanceGroup)?.Role
            ?? throw RotationErrors.Permanent(RotationErrors.ReplacementMissing, $"The cluster '{input.Cluster.Name}' has no instance group '{input.InstanceGroup}'.");

    private static ApplicationFailureException TooLate(AwaitGroupInput input, string missing, string finding) => missing.Length > 0
        ? RotationErrors.Permanent(RotationErrors.ReplacementMissing, $"Instance group '{input.InstanceGroup}' is not complete after {input.Timeout}: {missing}.")
        : RotationErrors.Permanent(RotationErrors.ValidationFailed, $"Instance group '{input.InstanceGroup}' is complete, but the cluster does not validate after {input.Timeout}: {(finding.Length > 0 ? finding : "not often enough in a row")}.");

    private async Task<string> FirstFindingAsync(ClusterRef cluster, CancellationToken ct)
    {
        try
        {
            return (await FindingsAsync(cluster, ct).ConfigureAwait(false)).FirstOrDefault("");
        }
        catch (ApplicationFailureException e) when (!e.NonRetryable)
        {
            // An API server that restarts is what is waited for.
            return e.Message;
        }
    }

    /// <summary>Findings as <c>kops validate cluster</c> words them; none when the cluster is healthy.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(ClusterRef cluster, CancellationToken ct)
    {
        string health = await nodes.ReadyzAsync(cluster, ct).ConfigureAwait(false);
        if (health.Length > 0)
            return [$"The API server {health}"];

        IList<V1Node> joined = await nodes.NodesAsync(cluster, ct).ConfigureAwait(false);
        IList<V1Pod> system = await nodes.PodsAsync(cluster, null, "kube-system", ct).ConfigureAwait(false);
        List<string> findings = [];
        foreach (CloudGroup group in await cloud.GroupsAsync(cluster, ct).ConfigureAwait(false))
        {
            if (group.Instances.Count < group.DesiredCount)
                findings.Add($"InstanceGroup \"{group.InstanceGroup}\" did not have enough nodes {group.Instances.Count} vs {group.DesiredCount}");
            findings.AddRange(group.Instances.Where(i => joined.All(n => NodeFacts.InstanceId(n) != i.Id)).Select(i => $"machine \"{i.Id}\" has not yet joined cluster"));
        }

        findings.AddRange(joined.Where(n => !NodeFacts.IsReady(n)).Select(n => $"node \"{n.Metadata.Name}\" is not ready"));
        findings.AddRange(system.Where(p => p.Spec?.PriorityClassName?.StartsWith("system-", StringComparison.Ordinal) == true && !NodeFacts.IsFinished(p) && !NodeFacts.IsRunning(p)).Select(p => $"system-critical pod \"{p.Metadata.Name}\" is not ready"));
        return findings;
    }

    private async Task<(string Missing, InstanceList? Ready)> LookAsync(AwaitGroupInput input, InstanceGroupRole role, CancellationToken ct)
    {
        try
        {
            CloudGroup? group = (await cloud.GroupsAsync(input.Cluster, ct).ConfigureAwait(false)).FirstOrDefault(g => g.InstanceGroup == input.InstanceGroup);
            if (group is null)
                return ("the cloud has no such group", null);
            IList<V1Node> joined = role == InstanceGroupRole.Bastion ? [] : await nodes.NodesAsync(input.Cluster, ct).ConfigureAwait(false);
            return Judge(input, role, group, joined);
        }
        catch (ApplicationFailureException e) when (!e.NonRetryable)
        {
            // A control-plane node that restarts takes the API with it for a while; that is what is waited for.
            return (e.Message, null);
        }
    }

    private static (string Missing, InstanceList? Ready) Judge(AwaitGroupInput input, InstanceGroupRole role, CloudGroup group, IList<V1Node> joined)
    {
        if (group.Instances.FirstOrDefault(i => input.Gone.Contains(i.Id)) is { } stays)
            return ($"{stays.Id} is still in the group", null);

        Dictionary<string, V1Node> byInstance = joined.GroupBy(NodeFacts.InstanceId).ToDictionary(g => g.Key, g => g.First());
        bool IsReady(CloudInstance i) => i.InService && (role == InstanceGroupRole.Bastion || (byInstance.TryGetValue(i.Id, out V1Node? n) && NodeFacts.IsReady(n)));
        int ready = group.Instances.Count(IsReady);
        if (ready < group.DesiredCount)
            return ($"{ready} of {group.DesiredCount} instances are ready", null);
        if (group.Instances.FirstOrDefault(i => i.UpToDate && !IsReady(i)) is { } late)
            return ($"{late.Id} is not ready", null);

        return ("", new([.. group.Instances.OrderBy(i => i.Id, StringComparer.Ordinal).Select(i => new InstanceState
        {
            Id = i.Id,
            NodeName = byInstance.GetValueOrDefault(i.Id)?.Metadata.Name,
            InstanceGroup = group.InstanceGroup,
            Role = role,
            Zone = i.Zone,
            NeedsUpdate = !i.UpToDate,
        })]));
    }
}
