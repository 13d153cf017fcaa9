using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

namespace Rotation.Workflows.Procedures;

/// <summary>Takes the steps in order: gate, step, verification. A failure for good holds and asks, or goes back, as the request says.</summary>
internal sealed class WayForward(ProcedureRun run, IReadOnlyList<IRotationStep> steps, Gatekeeper gates, IStateCheck check)
{
    /// <summary>Takes the steps from one on. True when all are done; false when the way back was asked for.</summary>
    public async Task<bool> RunAsync(int from)
    {
        try
        {
            foreach (IRotationStep step in steps.Skip(from))
                await TakeAsync(step);
            await run.CheckpointAsync();
            return true;
        }
        catch (GoBackException)
        {
            return false;
        }
    }

    private async Task TakeAsync(IRotationStep step)
    {
        if (run.SkipOf(step.Name) is { } skip)
        {
            run.Board.SetStep(step.Name, StepState.Skipped, skip);
            return;
        }

        if (run.DoneBefore(step.Name) is { } done)
        {
            // The plan is approved all the same.
            if (step == steps[0] && step.WhyGate is { } whyPlan)
                await gates.PassAsync(step.Name, whyPlan);
            run.Board.SetStep(step.Name, StepState.Done, done);
            return;
        }

        while (!await TryWaitAsync(step))
            run.Board.Say($"{step.Name}: looks again whether it may begin.");
        if (step.WhyGate is { } why)
            await gates.PassAsync(step.Name, why);
        while (!await TryAsync(step))
            run.Board.Say($"{step.Name}: tries again.");
    }

    private async Task<bool> TryWaitAsync(IRotationStep step)
    {
        try
        {
            await step.WaitAsync();
            return true;
        }
        catch (FailureException e)
        {
            string failure = Failures.Describe(e);
            run.Board.Failed($"before {step.Name}: {failure}");
            await run.HoldAsync($"What must be known before {step.Name} could not be read: {failure}");
            return false;
        }
    }

    private async Task<bool> TryAsync(IRotationStep step)
    {
        try
        {
            await run.CheckpointAsync();
            run.Controls.Changed = true;
            run.Board.SetStep(step.Name, StepState.Running);
            await run.OnceAsync(step.Name, "drift", () => check.CheckAsync(step.Name));
            await step.DoAsync();
            run.Board.SetStep(step.Name, StepState.Done);
            run.Controls.Accepted = false;
            return true;
        }
        catch (FailureException e)
        {
            await AfterFailureAsync(step, Failures.Describe(e));
            return false;
        }
    }

    private async Task AfterFailureAsync(IRotationStep step, string failure)
    {
        run.Board.SetStep(step.Name, StepState.Failed, failure);
        run.Board.Failed($"{step.Name}: {failure}");
        if (run.Request.OnFailure == FailureReaction.Rollback && !run.WantsBack)
            run.Controls.Rollback(new() { Operator = "onFailure: rollback", Force = true });
        if (run.WantsBack)
            await run.CheckpointAsync();
        else
            await run.HoldAsync($"Step {step.Name} failed and holds: {failure}");
    }
}
