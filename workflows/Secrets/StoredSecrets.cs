using Rotation.Workflows.Activities;
using Temporalio.Workflows;

namespace Rotation.Workflows.Secrets;

/// <summary>The Secrets that are encrypted at rest: written again, and proved to be under the first key.</summary>
internal sealed class StoredSecrets(SecretRun run)
{
    public Task RewriteAsync(string step) => run.OnceAsync(step, "rewrite", async () =>
    {
        run.Board.Say($"{step}: writes every Secret again.");
        await PassAsync($"{step}: writes every Secret again");
    });

    /// <summary>Fails with <c>TrustMismatch</c> when a Secret was under another key; it is no more, so resuming proves again.</summary>
    public Task ProveAsync(string step) => run.OnceAsync(step, "prove", async () =>
    {
        run.Board.Say($"{step}: proves that no Secret is under another key.");
        RewrittenSecrets pass = await PassAsync($"{step}: sends every Secret back and counts those that had to be written");
        if (pass.Written > 0)
            throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"{step}: {pass.Written} of {pass.Secrets} Secrets were still under another key than the first: an API server writes with it. Find that server (all must run with the configuration of this moment); then resume.");
        run.SecretsProved = pass.Secrets;
    });

    private Task<RewrittenSecrets> PassAsync(string summary) => Workflow.ExecuteActivityAsync((IStoredSecretActivities a) => a.RewriteSecretsAsync(run.Cluster), ActivityProfiles.Pass(summary));
}
