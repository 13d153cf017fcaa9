using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Secrets;

/// <summary>
/// A new content. Docker's and Weave's are read by nodes when they boot and kops does not see that they changed, so every node is replaced by force; Cilium's agents take theirs up
/// by themselves. Way back: the content from before, by the same way.
/// </summary>
internal sealed class ReplaceStep(SecretRun run, SecretCommands commands, Rollout rollout, SecretCheck check) : IRotationStep
{
    private const string Settled = "settle";

    public string Name => SecretSteps.Replace;

    public string? WhyGate => run.Plan.WhyGate();

    public string? WhyGateBack => null;

    /// <summary>The change of a secret that has no keys.</summary>
    public static SecretMove MoveOf(SecretName secret) => secret == SecretName.DockerConfig ? SecretMove.FromSource : SecretMove.Generate;

    public async Task DoAsync()
    {
        await commands.ChangeAsync(Name, MoveOf(run.Secret));
        if (run.Secret == SecretName.CiliumPassword)
            await SpreadAsync(Name);
        else
            await rollout.ForwardAsync(Name, force: true);
    }

    public async Task UndoAsync()
    {
        await commands.RestoreAsync(Name);
        if (run.Secret == SecretName.CiliumPassword)
            await SpreadAsync(ProcedureRun.BackOf(Name));
        else
            await rollout.BackAsync(Name, force: run.IsDone(Name, Rollout.UpdateBegun));
    }

    private async Task SpreadAsync(string step)
    {
        await run.OnceAsync(step, "update", () => rollout.UpdateOnlyAsync(step));
        await run.OnceAsync(step, Settled, async () =>
        {
            run.Board.Say($"{step}: gives the agents of Cilium {run.Request.Settle} to take up the key.");
            await Workflow.DelayWithOptionsAsync(new(run.Request.Settle.Value, $"{step}: Cilium takes up the key", CancellationToken.None));
        });
        await run.OnceAsync(step, "validate", async () =>
        {
            ValidationResult result = await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ValidateClusterAsync(run.Cluster), ActivityProfiles.Read($"{step}: validates the cluster"));
            if (result.Findings.Count > 0)
                throw RotationErrors.Permanent(RotationErrors.ValidationFailed, $"{step}: the cluster does not validate: {string.Join("; ", result.Findings.Take(5))}.");
        });
        await run.OnceAsync(step, "verify", () => check.VerifyAsync(step));
    }
}
