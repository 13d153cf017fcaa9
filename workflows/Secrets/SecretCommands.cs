using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Secrets;

/// <summary>Changes of the secret in the state store, each an activity of its own.</summary>
internal sealed class SecretCommands(SecretRun run)
{
    /// <summary>Noted before the change, which may succeed without being recorded.</summary>
    public const string ChangeBegun = "change-begun";

    public Task ChangeAsync(string step, SecretMove move) => run.OnceAsync(step, "change", async () =>
    {
        run.Board.Say($"{step}: changes {run.Secret}.");
        run.Note(step, ChangeBegun);
        run.Changing(step);
        var input = new ChangeSecretInput { Cluster = run.Cluster, Secret = run.Secret, Step = step, Move = move };
        run.Became(await Workflow.ExecuteActivityAsync((ISecretActivities a) => a.ChangeSecretAsync(input), run.Profiles.Change($"{step}: kops create secret {run.Secret} --force")));
    });

    /// <summary>Puts back what the secret was before the step, byte for byte. Fails with <c>DriftDetected</c> rather than overwrite what somebody else wrote.</summary>
    public async Task RestoreAsync(string step)
    {
        if (!run.IsDone(step, ChangeBegun))
            return;
        await run.OnceAsync(ProcedureRun.BackOf(step), "restore", async () =>
        {
            run.Board.Say($"Back from {step}: puts {run.Secret} back.");
            SecretState wanted = run.BeforeOf(step);
            SecretState found = await ReadAsync($"back from {step}: reads {run.Secret}");
            if (run.IsDone(step, "change") && found.Sha256 != wanted.Sha256 && found.Sha256 != run.Now.Sha256 && !run.Controls.Accepted)
                throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"{run.Secret} is not as this rotation left it: somebody else changed it. Look at it; then resume, with \"force\": true to overwrite it.");
            // An attempt that died before it had kept anything changed nothing.
            if (found.Sha256 != wanted.Sha256)
                found = await Workflow.ExecuteActivityAsync((ISecretActivities a) => a.RestoreSecretAsync(new() { Cluster = run.Cluster, Secret = run.Secret, Step = step }), run.Profiles.Change($"back from {step}: kops create secret {run.Secret} --force"));
            if (found.Sha256 != wanted.Sha256)
                throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"Back from {step}: {run.Secret} was put back and reads otherwise.");
            run.Became(found);
        });
    }

    public Task<SecretState> ReadAsync(string summary) =>
        Workflow.ExecuteActivityAsync((ISecretActivities a) => a.ReadSecretAsync(new() { Cluster = run.Cluster, Secret = run.Secret }), ActivityProfiles.Read(summary));
}
