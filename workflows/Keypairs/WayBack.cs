using Rotation.Workflows.Contracts;
using Rotation.Workflows.Machine;
using Temporalio.Exceptions;

namespace Rotation.Workflows.Keypairs;

/// <summary>Takes steps back, newest first. A way back that fails holds and asks, and is tried again; none is ever dropped.</summary>
internal sealed class WayBack(RotationRun run, IReadOnlyList<IRotationStep> steps, Gatekeeper gates, Verification verification)
{
    /// <summary>Goes back. Returns the position of the step that is next on the way forward; 0 is the start, verified.</summary>
    public async Task<int> RunAsync()
    {
        string toStep = run.Controls.TakeRollback();
        run.Board.Apply(RotationEvent.Rollback);
        int last = toStep.Length == 0 ? 0 : StepNames.IndexOf(toStep);
        foreach (IRotationStep step in steps.Skip(last).Reverse().Where(WasBegun))
            while (!await TryAsync(step))
                run.Board.Say($"Back from {step.Name}: tries again.");
        if (last == 0)
            while (!await TryFinalCheckAsync())
                run.Board.Say("Compares with the start again.");
        await run.CheckpointAsync();
        run.Controls.GoingBack = false;
        run.Board.SetKeysets(run.Ledgers);
        return last;
    }

    private bool WasBegun(IRotationStep step) => run.Board.Status.Steps.First(s => s.Name == step.Name).State is StepState.Running or StepState.Failed or StepState.Done;

    private Task<bool> TryAsync(IRotationStep step) => HoldingAsync($"The way back from {step.Name}", async () =>
    {
        await GateAsync(step);
        run.Board.SetStep(step.Name, run.Board.Status.Steps.First(s => s.Name == step.Name).State, "is being taken back");
        run.Board.Say($"Takes back {step.Name}.");
        await step.UndoAsync();
        run.Forget(step.Name);
        run.Board.SetStep(step.Name, StepState.Undone);
    });

    private Task<bool> TryFinalCheckAsync() => HoldingAsync("The comparison with the start", async () =>
    {
        await verification.CheckKeysetsAsync("the way back");
        if (run.Ledgers.FirstOrDefault(l => !l.IsAsBefore) is { } differs)
            throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"Keyset '{differs.Name}' does not trust what it trusted before the rotation.");
    });

    // Only where clients may hold nothing else any more.
    private async Task GateAsync(IRotationStep step)
    {
        string? why = step.Name switch
        {
            StepNames.Promote when run.IsDone(StepNames.ExportNewCa + Past, ExportStep.DeliverBegun) => "Clients that took the kubeconfig with only the new CA must have the previous one back.",
            StepNames.Stage when run.IsDone(StepNames.ExportAdmin + Past, ExportStep.DeliverBegun) => "Clients that took credentials of the new CA must have the previous ones back: after this they are refused.",
            _ => null,
        };
        if (why is not null)
            await run.OnceAsync(RotationRun.BackOf(step.Name), "gate", () => gates.PassAsync($"rollback-{step.Name}", why));
    }

    /// <summary>Suffix under which deliveries stay remembered after their step was taken back and forgotten.</summary>
    public const string Past = "-past";

    private async Task<bool> HoldingAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (FailureException e)
        {
            string failure = Failures.Describe(e);
            run.Board.Failed($"{what}: {failure}");
            await run.HoldAsync($"{what} failed and holds: {failure}. Put it right and resume.");
            return false;
        }
    }
}
