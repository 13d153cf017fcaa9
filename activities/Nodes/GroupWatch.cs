using k8s.Models;
using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Nodes;

/// <summary>Waits for the replacements of an instance group: compares what the cloud runs with the nodes that joined, whenever a node changes.</summary>
internal sealed class GroupWatch(ICloud cloud, KubernetesNodes nodes, ClusterViews views, NodeWatch changes, RotationOptions options)
{
    /// <summary>The cloud cannot be watched: it is looked at this many polls after the last change of a node.</summary>
    private const int QuietPolls = 5;

    /// <summary>Waits until a group has as many good instances as it should by now, and none of those that must be gone; then until the cluster validates often enough in a row.</summary>
    public async Task<InstanceList> AwaitAsync(AwaitGroupInput input, CancellationToken ct)
    {
        bool cloudOnly = input.CloudOnly || (input.Role ?? await RoleAsync(input, ct).ConfigureAwait(false)) == InstanceGroupRole.Bastion;
        long start = TimeProvider.System.GetTimestamp();
        int valid = 0;
        await using NodeWatch.Subscription? changed = cloudOnly ? null : changes.Subscribe(input.Cluster);
        while (true)
        {
            (string missing, string finding, InstanceList? ready) = await LookAsync(input, cloudOnly, ct).ConfigureAwait(false);
            valid = ready is null || finding.Length > 0 ? 0 : valid + 1;
            TimeSpan waited = TimeProvider.System.GetElapsedTime(start);
            if (ready is not null && valid >= input.ValidateCount && waited >= input.Interval.Value)
                return await HoldAsync(input, ready, ct).ConfigureAwait(false);
            if (waited > input.Timeout.Value)
                throw TooLate(input, missing, finding);
            if (ActivityExecutionContext.HasCurrent)
                ActivityExecutionContext.Current.Heartbeat(missing.Length > 0 ? missing : finding);
            // While nothing is there nothing is looked at until a node changes; once it is, the cluster is validated at a steady pace.
            await (changed is null || ready is not null ? Task.Delay(options.Deadlines.Poll, ct) : changed.NextAsync(options.Deadlines.Poll, options.Deadlines.Poll * QuietPolls, ct)).ConfigureAwait(false);
        }
    }

    /// <summary>Findings of this moment as <c>kops validate cluster</c> words them; none when the cluster is healthy.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(ClusterRef cluster, CancellationToken ct) => Validation.FindingsOf(await views.ReadAsync(cluster, ct).ConfigureAwait(false));

    private async Task<InstanceGroupRole> RoleAsync(AwaitGroupInput input, CancellationToken ct) =>
        (await views.RolesAsync(input.Cluster, ct, mustKnow: input.InstanceGroup).ConfigureAwait(false)).TryGetValue(input.InstanceGroup, out InstanceGroupRole role)
            ? role
            : throw RotationErrors.Permanent(RotationErrors.ReplacementMissing, $"The cluster '{input.Cluster.Name}' has no instance group '{input.InstanceGroup}'.");

    private static ApplicationFailureException TooLate(AwaitGroupInput input, string missing, string finding) => missing.Length > 0
        ? RotationErrors.Permanent(RotationErrors.ReplacementMissing, $"Instance group '{input.InstanceGroup}' is not complete after {input.Timeout}: {missing}.")
        : RotationErrors.Permanent(RotationErrors.ValidationFailed, $"Instance group '{input.InstanceGroup}' is complete, but the cluster does not validate after {input.Timeout}: {(finding.Length > 0 ? finding : "not often enough in a row")}.");

    private async Task<InstanceList> HoldAsync(AwaitGroupInput input, InstanceList ready, CancellationToken ct)
    {
        if (!input.HoldScaleDown || input.CloudOnly)
            return ready;
        HashSet<string> fresh = [.. ready.Instances.Where(i => !i.NeedsUpdate).Select(i => i.Id)];
        foreach (V1Node node in (await nodes.NodesAsync(input.Cluster, ct).ConfigureAwait(false)).Where(n => fresh.Contains(NodeFacts.InstanceId(n))))
            await nodes.HoldScaleDownAsync(input.Cluster, node, ct).ConfigureAwait(false);
        return ready;
    }

    private async Task<(string Missing, string Finding, InstanceList? Ready)> LookAsync(AwaitGroupInput input, bool cloudOnly, CancellationToken ct)
    {
        try
        {
            ClusterView view = cloudOnly
                ? new(await cloud.GroupsAsync(input.Cluster, ct).ConfigureAwait(false), new Dictionary<string, InstanceGroupRole>(), [], [], "")
                : await views.SharedAsync(input.Cluster, ct).ConfigureAwait(false);
            if (view.Groups.FirstOrDefault(g => g.InstanceGroup == input.InstanceGroup) is not { } group)
                return ("the cloud has no such group", "", null);
            if (view.Health.Length > 0)
                return ($"the API server {view.Health}", "", null);
            (string missing, InstanceList? ready) = Judge(input, cloudOnly, group, view.Nodes);
            string finding = ready is null || input.ValidateCount == 0 ? "" : Validation.FindingsOf(view, input.Tolerate).FirstOrDefault("");
            return (missing, finding, ready);
        }
        catch (ApplicationFailureException e) when (!e.NonRetryable)
        {
            // A control-plane node that restarts takes the API with it for a while; that is what is waited for.
            return (e.Message, "", null);
        }
    }

    private static (string Missing, InstanceList? Ready) Judge(AwaitGroupInput input, bool cloudOnly, CloudGroup group, IReadOnlyList<V1Node> joined)
    {
        if (group.Instances.FirstOrDefault(i => input.Gone.Contains(i.Id)) is { } stays)
            return ($"{stays.Id} is still in the group", null);

        Dictionary<string, V1Node> byInstance = joined.GroupBy(NodeFacts.InstanceId).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        bool IsReady(CloudInstance i) => i.InService && (cloudOnly || (byInstance.TryGetValue(i.Id, out V1Node? n) && NodeFacts.IsReady(n)));
        bool IsNew(CloudInstance i) => input.Old.Count > 0 ? !input.Old.Contains(i.Id) : i.UpToDate;
        if (input.OldLeft is { } old)
        {
            int fresh = group.Instances.Count(i => IsNew(i) && IsReady(i)), wanted = group.DesiredCount - old;
            if (fresh < wanted)
                return ($"{fresh} of {wanted} new instances are ready{Late(group.Instances.Where(i => IsNew(i) && !IsReady(i)))}", null);
        }
        else if (group.Instances.Count(IsReady) is var ready && ready < group.DesiredCount)
        {
            return ($"{ready} of {group.DesiredCount} instances are ready", null);
        }
        else if (group.Instances.FirstOrDefault(i => i.UpToDate && !IsReady(i)) is { } late)
        {
            return ($"{late.Id} is not ready", null);
        }

        string Late(IEnumerable<CloudInstance> late) => string.Join(',', late.Select(i => i.Id).Order(StringComparer.Ordinal).Take(5)) is { Length: > 0 } ids ? $", not {ids}" : "";
        return ("", new([.. group.Instances.OrderBy(i => i.Id, StringComparer.Ordinal).Select(i => new InstanceState
        {
            Id = i.Id,
            NodeName = byInstance.GetValueOrDefault(i.Id)?.Metadata.Name,
            InstanceGroup = group.InstanceGroup,
            Role = input.Role ?? InstanceGroupRole.Node,
            Zone = i.Zone,
            NeedsUpdate = !i.UpToDate,
        })]));
    }
}
