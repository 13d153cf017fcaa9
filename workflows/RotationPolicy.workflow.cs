using System.Text.Json;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Fleet;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Serialization;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Started by a schedule: looks which clusters are due and have their maintenance window open, rotates those as a fleet, and ends with it. While it runs the schedule skips its turns. Each rotation gets
/// the window, so that one that begins late or lasts long still replaces no node outside it. Fails with <c>FleetIncomplete</c>, so that the schedule pauses itself, when a cluster that is due is not
/// rotated; that somebody else is rotating it already is no failure.
/// </summary>
[Workflow]
public sealed class RotationPolicy
{
    private const int ReadAtOnce = 10;
    private PolicyResult _result = new();

    /// <summary>Decides, rotates, and says what it did.</summary>
    [WorkflowRun]
    public async Task<PolicyResult> RunAsync(RotationPolicyRequest request)
    {
        RequestRules.ThrowIfAny(PolicyRules.ProblemsOf(request));
        _result = new() { Clusters = await JudgeAllAsync(request) };
        FleetCluster[] due = [.. request.Fleet.Clusters.Where((_, i) => _result.Clusters[i].Decision == PolicyDecision.Due)];
        if (due.Length > 0)
            await RotateAsync(request.Fleet with { Clusters = due });
        Show();
        ThrowIfIncomplete();
        return _result;
    }

    /// <summary>What it found and did so far.</summary>
    [WorkflowQuery("status")]
    public PolicyResult GetStatus() => _result;

    private static async Task<PolicyVerdict[]> JudgeAllAsync(RotationPolicyRequest request)
    {
        var windows = new Dictionary<string, WindowGuard>();
        List<PolicyVerdict> verdicts = [];
        foreach (FleetCluster[] some in request.Fleet.Clusters.Chunk(ReadAtOnce))
        {
            // One after the other, because clusters share windows.
            List<Task<PolicyVerdict>> judged = [];
            foreach (FleetCluster cluster in some)
                judged.Add(await ClosedAsync(request, cluster, windows) is { } closed ? Task.FromResult(closed) : JudgeAsync(request, cluster));
            verdicts.AddRange(await Workflow.WhenAllAsync(judged));
        }

        return [.. verdicts];
    }

    private static async Task<PolicyVerdict?> ClosedAsync(RotationPolicyRequest request, FleetCluster cluster, Dictionary<string, WindowGuard> windows)
    {
        MaintenanceWindow? window = cluster.Window ?? request.Fleet.Window;
        string key = window is null ? "" : JsonSerializer.Serialize(window, RotationDataConverter.Json);
        if (!windows.TryGetValue(key, out WindowGuard? guard))
            windows[key] = guard = new(window);
        await guard.LookAsync(mustKnow: true);
        return guard.IsClosed ? new(cluster.Cluster, PolicyDecision.WindowClosed, $"its maintenance window is closed until {guard.ChangesAt:yyyy-MM-dd HH:mm}Z at least") : null;
    }

    private static async Task<PolicyVerdict> JudgeAsync(RotationPolicyRequest request, FleetCluster cluster)
    {
        if (request.Due.Always)
            return new(cluster.Cluster, PolicyDecision.Due, "due every time");
        var reference = new ClusterRef { Name = cluster.Cluster, StateStore = cluster.StateStore, Rotation = Workflow.Info.WorkflowId };
        try
        {
            KeysetList keysets = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(reference), ActivityProfiles.Read($"reads the keysets of {cluster.Cluster}"));
            string[] names = [.. FleetInputs.Of(request.Fleet, cluster).Deserialize<RotateKeypairsRequest>(RotationDataConverter.Json)!.Keysets];
            return DueRules.ReasonOf(request.Due, names, keysets, Workflow.UtcNow) is { } reason
                ? new(cluster.Cluster, PolicyDecision.Due, reason)
                : new(cluster.Cluster, PolicyDecision.NotDue, "nothing is old enough");
        }
        catch (ActivityFailureException e)
        {
            return new(cluster.Cluster, PolicyDecision.Unreadable, Failures.Describe(e));
        }
    }

    private async Task RotateAsync(RotateFleetRequest fleet)
    {
        string id = $"{Workflow.Info.WorkflowId}-fleet";
        _result = _result with { Fleet = id };
        Show();
        try
        {
            FleetResult rotated = await Workflow.ExecuteChildWorkflowAsync((RotateFleet w) => w.RunAsync(fleet), new()
            {
                Id = id,
                StaticSummary = $"{fleet.Clusters.Count} clusters are due",
                // A cancel request goes on to the fleet, which stops and says what became of it.
                ParentClosePolicy = ParentClosePolicy.Abandon,
            });
            _result = _result with { Rotated = rotated };
        }
        catch (ChildWorkflowFailureException e) when (Failures.RootOf(e) is ApplicationFailureException { ErrorType: RotationErrors.FleetIncomplete, Details.Count: > 0 } root)
        {
            _result = _result with { Rotated = root.Details.ElementAt<FleetResult>(0) };
        }
    }

    private void ThrowIfIncomplete()
    {
        string[] bad =
        [
            .. _result.Clusters.Where(c => c.Decision == PolicyDecision.Unreadable).Select(c => $"{c.Cluster}: {c.Reason}"),
            .. (_result.Rotated?.Clusters ?? []).Where(r => r.State != FleetRowState.Completed && !IsElsewhere(r)).Select(r => $"{r.Cluster} is {r.State}: {r.Note}"),
        ];
        if (bad.Length > 0)
            throw new ApplicationFailureException($"Not every cluster that is due is rotated. {string.Join("; ", bad.Take(5))}", RotationErrors.FleetIncomplete, nonRetryable: true, details: [_result]);
    }

    private static bool IsElsewhere(FleetRow row) => row.State == FleetRowState.Failed && row.Note?.StartsWith(RotationErrors.ClusterLocked, StringComparison.Ordinal) == true;

    private void Show() => Workflow.CurrentDetails = (_result.Fleet.Length > 0 ? $"Rotates what is due by the workflow `{_result.Fleet}`.\n\n" : "Nothing is due.\n\n")
        + "| Cluster | | Why |\n|---|---|---|\n" + string.Concat(_result.Clusters.Select(c => $"| {c.Cluster} | {c.Decision} | {c.Reason} |\n"));
}
