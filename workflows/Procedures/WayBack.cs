using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Machine;
using Temporalio.Exceptions;

namespace Rotation.Workflows.Procedures;

/// <summary>Takes steps back, newest first. A way back that fails holds and asks, and is tried again; none is ever dropped.</summary>
internal sealed class WayBack(ProcedureRun run, IReadOnlyList<IRotationStep> steps, Gatekeeper gates, IStateCheck check)
{
    /// <summary>Goes back. Returns the position of the step that is next on the way forward; 0 is the start, verified.</summary>
    public async Task<int> RunAsync()
    {
        string toStep = run.Controls.TakeRollback();
        run.Board.Apply(RotationEvent.Rollback);
        run.Notifier.Tell(NotificationKind.RollingBack, run.Board.Status.Step, $"Goes back {(toStep.Length == 0 ? "to the start" : $"until {toStep} is undone")}.");
        int last = toStep.Length == 0 ? 0 : run.Board.IndexOf(toStep);
        foreach (IRotationStep step in steps.Skip(last).Reverse().Where(WasBegun))
            while (!await TryAsync(step))
                run.Board.Say($"Back from {step.Name}: tries again.");
        if (last == 0)
            while (!await HoldingAsync("The comparison with the start", check.CheckStartAsync))
                run.Board.Say("Compares with the start again.");
        await run.CheckpointAsync();
        run.Controls.GoingBack = false;
        run.Recorded();
        return last;
    }

    private bool WasBegun(IRotationStep step) => run.Board.Status.Steps.First(s => s.Name == step.Name).State is StepState.Running or StepState.Failed or StepState.Done;

    private Task<bool> TryAsync(IRotationStep step) => HoldingAsync($"The way back from {step.Name}", async () =>
    {
        if (step.WhyGateBack is { } why)
            await run.OnceAsync(ProcedureRun.BackOf(step.Name), "gate", () => gates.PassAsync($"rollback-{step.Name}", why));
        run.Board.SetStep(step.Name, run.Board.Status.Steps.First(s => s.Name == step.Name).State, "is being taken back");
        run.Board.Say($"Takes back {step.Name}.");
        await step.UndoAsync();
        run.Forget(step.Name);
        run.Board.SetStep(step.Name, StepState.Undone);
    });

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
