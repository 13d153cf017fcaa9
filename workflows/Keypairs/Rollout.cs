using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Brings changed keysets to the nodes: update, compare with the forecast, roll, verify. Every part is done once a step, however often the step is tried.</summary>
internal sealed class Rollout(RotationRun run, Verification verification)
{
    private int _rolls;

    /// <summary>After a step forward.</summary>
    public async Task ForwardAsync(string step)
    {
        await run.OnceAsync(step, "update", () =>
        {
            run.Note(step, "update-begun");
            return UpdateAsync(step, mustMatch: true);
        });
        await run.OnceAsync(step, "roll", () => RollAsync(step, onlyInstances: []));
        await run.OnceAsync(step, "verify", () => verification.VerifyAsync(step));
    }

    /// <summary>After a step's keysets were put back. By force every instance is replaced, whether or not it needs the update.</summary>
    public async Task BackAsync(string step, bool force)
    {
        string back = RotationRun.BackOf(step);
        await run.OnceAsync(back, "update", () => UpdateAsync(back, mustMatch: false));
        string[] all = [];
        if (force)
            all = await ForcedAsync(back);
        await run.OnceAsync(back, "roll", () => RollAsync(back, all));
        await run.OnceAsync(back, "verify", () => verification.VerifyAsync(back));
    }

    private string[] _forced = [];

    // Read once: a second attempt must not roll the replacements of the first.
    private async Task<string[]> ForcedAsync(string back)
    {
        await run.OnceAsync(back, "list", async () => _forced = [.. (await ReadInstancesAsync(back)).Instances.Select(i => i.Id)]);
        return _forced;
    }

    private async Task UpdateAsync(string step, bool mustMatch)
    {
        run.Board.Say($"{step}: updates the cluster's specification.");
        InstanceList before = await ReadInstancesAsync(step);
        UpdateResult result = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.UpdateClusterAsync(run.Cluster), run.Profiles.Update($"{step}: kops update cluster"));
        if (!mustMatch || Difference(before, result.NeedUpdate) is null)
            return;

        // Groups grow and shrink by themselves: only a difference that is still there counts.
        InstanceList now = await ReadInstancesAsync(step);
        string[] needUpdate = [.. now.Instances.Where(i => i.NeedsUpdate).Select(i => i.Id)];
        InstanceList judged = new([.. now.Instances.Select(i => i with { NeedsUpdate = before.Instances.Any(b => b.Id == i.Id && b.NeedsUpdate) })]);
        if (Difference(judged, needUpdate) is { } difference && !run.Controls.Accepted)
            throw RotationErrors.Permanent(RotationErrors.UnexpectedUpdateCount, $"After the update of {step} {difference}. Look at `kops rolling-update cluster`; then resume, with \"force\": true to accept it as it is, or go back.");
    }

    private string? Difference(InstanceList instances, IReadOnlyList<string> needUpdate) => UpdateForecast.Difference(run.Ledgers.Select(l => l.Name), instances, needUpdate);

    private Task<InstanceList> ReadInstancesAsync(string step) =>
        Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(run.Cluster), ActivityProfiles.Read($"{step}: reads the instances"));

    private async Task RollAsync(string step, string[] onlyInstances)
    {
        run.Board.Say($"{step}: replaces nodes.");
        var request = new RollClusterRequest
        {
            Cluster = run.Cluster.Name,
            StateStore = run.Cluster.StateStore,
            Rotation = run.Cluster.Rotation,
            Roll = run.Request.Roll,
            Force = onlyInstances.Length > 0,
            // kops rolls whole groups; what it is told to force it forces everywhere.
            Instances = run.Request.Roll.Engine == RollEngine.Kops ? [] : onlyInstances,
        };
        try
        {
            RollResult result = await RunChildAsync(step, request);
            run.Board.AddRolled(result.NodesRolled);
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
