using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Secrets;

/// <summary>Compares state store, instances and API servers with what the rotation must have made of them.</summary>
internal sealed class SecretCheck(SecretRun run, SecretCommands commands) : IStateCheck
{
    /// <summary>What reads the encryption configuration when it boots.</summary>
    public static readonly IReadOnlyList<InstanceGroupRole> Servers = [InstanceGroupRole.ControlPlane, InstanceGroupRole.ApiServer];

    // A server that has just started lists its objects first.
    private static readonly TimeSpan[] Patience = [.. new[] { 1, 2, 5, 10, 20, 40 }.Select(s => TimeSpan.FromSeconds(s))];

    /// <inheritdoc/>
    public async Task CheckAsync(string step)
    {
        SecretState found = await commands.ReadAsync($"{step}: compares {run.Secret} with the record");
        if (found.Sha256 != run.Now.Sha256)
            throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"{step}: {run.Secret} in the state store is not as this rotation left it: somebody else changed it. Put it right or go back; then resume.");
    }

    /// <inheritdoc/>
    public async Task CheckStartAsync()
    {
        await CheckAsync("the way back");
        if (run.Now.Sha256 != run.Before.Sha256)
            throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"{run.Secret} is not what it was before the rotation.");
    }

    /// <summary>After a roll. Of an encryption configuration: no API server runs with another one, and each reads every Secret; fails with <c>TrustMismatch</c> otherwise.</summary>
    public async Task VerifyAsync(string step)
    {
        run.Board.Say($"{step}: verifies the state store and every API server.");
        await CheckAsync(step);
        if (run.Secret == SecretName.EncryptionConfig)
            await VerifyServersAsync(step);
    }

    private async Task VerifyServersAsync(string step)
    {
        for (int attempt = 0; ; attempt++)
        {
            if (await DifferenceAsync(step) is not { } difference)
                return;
            if (attempt == Patience.Length)
                throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"After {step}: {difference}.");
            await run.PauseForAsync(Patience[attempt], $"{step}: {difference}");
            await run.CheckpointAsync();
        }
    }

    private async Task<string?> DifferenceAsync(string step)
    {
        InstanceList instances = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(run.Cluster), ActivityProfiles.Read($"{step}: reads the instances"));
        InstanceState[] servers = [.. instances.Instances.Where(i => Servers.Contains(i.Role))];
        if (servers.FirstOrDefault(i => i.NeedsUpdate) is { } old)
            return $"{old.Id} of '{old.InstanceGroup}' runs with another encryption configuration than the state store has";
        ReadableSecrets read = await Workflow.ExecuteActivityAsync((IStoredSecretActivities a) => a.ReadSecretsAsync(run.Cluster), ActivityProfiles.Pass($"{step}: reads every Secret from every API server"));
        if (read.Servers.Count < servers.Length)
            return $"{read.Servers.Count} API servers answer, and there are {servers.Length}";
        return read.Servers.FirstOrDefault(s => s.Unreadable is not null) is { } blind ? $"the API server of {blind.Node} does not read every Secret: {blind.Unreadable}" : null;
    }
}
