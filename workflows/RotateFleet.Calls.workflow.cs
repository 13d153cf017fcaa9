using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <content>What people can say to a fleet beside what they can say to every rotation.</content>
public sealed partial class RotateFleet
{
    /// <summary>One row a cluster.</summary>
    [WorkflowQuery("clusters")]
    public FleetStatus GetClusters() => new() { Counts = _book.Counts, Clusters = [.. _book.Rows] };

    /// <summary>Begins no further cluster, and ends.</summary>
    [WorkflowSignal("stop")]
    public async Task StopSignalAsync(FleetStop call)
    {
        if (RefusalOf(call) is { } refusal)
            _run.Board.Refused("stop", refusal);
        else
            Stop(call);
    }

    /// <summary>Begins no further cluster, and ends, or says why that cannot be.</summary>
    [WorkflowUpdate("stop")]
    public async Task<FleetStatus> StopAsync(FleetStop call)
    {
        Stop(call);
        return GetClusters();
    }

    /// <summary>Refuses a bad stop.</summary>
    [WorkflowUpdateValidator(nameof(StopAsync))]
    public void ValidateStop(FleetStop call)
    {
        if (RefusalOf(call) is { } refusal)
            throw RotationErrors.Permanent(RotationErrors.IllegalTransition, refusal);
    }

    private static string? RefusalOf(FleetStop call) => call.Problems.Count > 0 ? string.Join("; ", call.Problems) : call.Operator.Trim().Length == 0 ? "operator: is required" : null;

    private void Stop(FleetStop call)
    {
        _stop = call;
        string why = $"stopped by {call.Operator}{(call.Reason.Length > 0 ? $": {call.Reason}" : "")}";
        StopNow(why);
        _run.Controls.Gate?.Reject(new() { Gate = _run.Controls.Gate.Name, Approver = call.Operator, Comment = call.Reason });
        if (_run.Controls.Standing)
            _run.Controls.Resume(new() { Operator = call.Operator, Reason = "to stop" });
    }
}
