using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>
/// Waits for what must run out before a step, and gathers what its approvers should know. A hold is a gate that opens by itself when its time is over, also where gates need nobody;
/// people who want to go on earlier approve it, as many and as signed as any other.
/// </summary>
internal sealed class HoldTimes(RotationRun run, Gatekeeper gates)
{
    /// <summary>Name of the hold's gate.</summary>
    public static string GateOf(string step) => $"hold-{step}";

    public async Task WaitAsync(string step)
    {
        if (run.Ledgers.Any(l => l.Name == Holds.ServiceAccount))
            run.Seen.Tokens = await ReadTokensAsync(step);
        run.Board.SetEvidence(run.Seen.Lines(run.Ledgers));
        // What ended before this rotation began may have ended a moment before.
        if (run.Snapshot is { } snapshot && Holds.Before(step, snapshot, run.Seen.Tokens) is { } hold)
            await run.OnceAsync(step, "hold", () => HoldAsync(step, hold, run.Board.EndOf(hold.Since) ?? Workflow.Info.WorkflowStartTime));
    }

    /// <summary>Waits on the way back from step 1, when new keys have signed, until what they signed has run out.</summary>
    public async Task WaitBackAsync(string step)
    {
        if (run.SignedByNewUntil is not { } since || run.Ledgers.All(l => l.Name != Holds.ServiceAccount))
            return;
        run.Seen.Tokens = await ReadTokensAsync(step);
        if (run.Snapshot is { } snapshot && Holds.BeforeDistrustingNew(snapshot, run.Seen.Tokens) is { } hold)
            await run.OnceAsync(step, "hold", () => HoldAsync(step, hold, since));
    }

    private Task<TokenUsage> ReadTokensAsync(string step) =>
        Workflow.ExecuteActivityAsync((IUsageActivities a) => a.ReadTokenUsageAsync(run.Cluster), ActivityProfiles.Read($"{step}: looks for service-account tokens"));

    private async Task HoldAsync(string step, Hold hold, DateTimeOffset since)
    {
        DateTimeOffset until = since + hold.Length;
        TimeSpan left = until - Workflow.UtcNow;
        if (left > TimeSpan.Zero)
            await gates.PassAsync(GateOf(step), $"It opens by itself at {until:yyyy-MM-dd HH:mm:ss}Z: {hold.Why}. To approve it means to go on at once and to cut those off.", run.Request.Approvals with { Auto = false, Timeout = new(left), OnTimeout = GateTimeout.Advance });
    }
}
