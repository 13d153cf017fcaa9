using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Secrets;

/// <summary>A change of the encryption configuration on every API server. Way back: the configuration from before, and where the new key wrote, every Secret once more.</summary>
internal sealed class KeyStep(string name, SecretMove move, SecretRun run, SecretCommands commands, Rollout rollout, StoredSecrets stored) : IRotationStep
{
    public string Name => name;

    public string? WhyGate => name switch
    {
        SecretSteps.AddKey => run.Plan.WhyGate(),
        SecretSteps.RemoveKey => $"All {run.SecretsProved} Secrets are proved to be under the new key. After this step backups of etcd from before cannot be read without the old key: keep it as long as you keep them.",
        _ => null,
    };

    public string? WhyGateBack => null;

    public async Task DoAsync()
    {
        await commands.ChangeAsync(name, move);
        await rollout.ForwardAsync(name);
    }

    public async Task UndoAsync()
    {
        await commands.RestoreAsync(name);
        await rollout.BackAsync(name, force: false);
        // Before the new key may go, nothing can be under it.
        if (move != SecretMove.PromoteKey)
            return;
        await stored.RewriteAsync(ProcedureRun.BackOf(name));
        await stored.ProveAsync(ProcedureRun.BackOf(name));
    }
}
