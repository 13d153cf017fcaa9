using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Replaces nodes by the child workflow <c>RollCluster</c>, and passes on to it what people ask of the rotation.</summary>
/// <param name="run">The rotation.</param>
/// <param name="cloudOnly">True where the API cannot be asked: neither drain nor validate.</param>
internal sealed class NodeRolls(ProcedureRun run, bool cloudOnly = false)
{
    private int _rolls;

    /// <summary>Rolls. Fails with <c>RollStopped</c>, or as the roll did.</summary>
    /// <param name="step">Step, or way back, that rolls.</param>
    /// <param name="onlyInstances">The only instances to replace, by force; empty: those that need the update.</param>
    /// <param name="joinsBlockedSince">Since when new workers cannot join, which the roll of the control plane ends; null: they can.</param>
    public async Task RollAsync(string step, IReadOnlyList<string> onlyInstances, DateTimeOffset? joinsBlockedSince = null)
    {
        run.Board.Say($"{step}: replaces nodes.");
        var request = new RollClusterRequest
        {
            Cluster = run.Cluster.Name,
            StateStore = run.Cluster.StateStore,
            Rotation = run.Cluster.Rotation,
            Roll = run.Request.Roll,
            Window = run.Controls.GoingBack ? null : run.Request.Window,
            CloudOnly = cloudOnly,
            Force = onlyInstances.Count > 0,
            // kops rolls whole groups; what it is told to force it forces everywhere.
            Instances = run.Request.Roll.Engine == RollEngine.Kops ? [] : onlyInstances,
            JoinsBlockedSince = joinsBlockedSince,
        };
        try
        {
            RollResult result = await RunChildAsync(step, request);
            run.Board.AddRolled(result.NodesRolled);
            if (result.JoinsBlocked is { } blocked)
                run.Board.SetStep(step, StepState.Running, $"New workers could not join for {blocked}, until the control plane was rolled.");
            run.Board.Record(ReportKind.Changed, result.Stopped ? "rolling update, stopped before its end" : "rolling update", step: step, facts: [("nodesRolled", $"{result.NodesRolled}"), ("workflow", $"{Workflow.Info.WorkflowId}-roll-{_rolls}")]);
            if (result.Stopped)
            {
                await run.CheckpointAsync();
                throw RotationErrors.Permanent(RotationErrors.RollStopped, $"The roll of {step} was stopped before its end; resume to roll the rest.");
            }
        }
        catch (ChildWorkflowFailureException e)
        {
            run.Board.AddRolled(Failures.RollResultOf(e).NodesRolled);
            throw;
        }
    }

    private async Task<RollResult> RunChildAsync(string step, RollClusterRequest request)
    {
        var roll = await Workflow.StartChildWorkflowAsync((RollCluster w) => w.RunAsync(request), new ChildWorkflowOptions
        {
            Id = $"{Workflow.Info.WorkflowId}-roll-{++_rolls}",
            StaticSummary = $"{step}: rolls {request.Cluster}",
            // When this rotation is terminated its roll still ends at a node's boundary.
            ParentClosePolicy = ParentClosePolicy.RequestCancel,
            CancellationToken = CancellationToken.None,
        });
        Task<RollResult> result = roll.GetResultAsync();
        bool paused = false, stopped = false;
        while (!result.IsCompleted)
        {
            await Workflow.WaitConditionAsync(() => result.IsCompleted || (run.WantsBack && !stopped) || run.Controls.Standing != paused || run.CancelPending, CancellationToken.None);
            if (result.IsCompleted)
                break;
            if (run.WantsBack && !stopped)
                stopped = await TellAsync(roll, result, "stop");
            else if (run.Controls.Standing != paused)
                await TellAsync(roll, result, (paused = run.Controls.Standing) ? "pause" : "resume");
            else
                run.NoticeCancel();
        }

        return await result;
    }

    // A roll that has just ended cannot be told anything any more, and need not be.
    private static async Task<bool> TellAsync(ChildWorkflowHandle roll, Task<RollResult> result, string signal)
    {
        try
        {
            await roll.SignalAsync(signal, [], new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException) when (result.IsCompleted)
        {
            return true;
        }

        return true;
    }
}
