using Rotation.Workflows.Activities;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Deliveries of kubeconfigs, their way back, and the proof that old credentials are refused.</summary>
internal sealed class KubeconfigDeliveries(RotationRun run)
{
    public async Task DeliverAsync(string step, KubeconfigKind kind)
    {
        run.Board.Say($"{step}: delivers kubeconfigs and reads them back.");
        IReadOnlyList<string> expected = run.ClusterCa?.TrustedFingerprints ?? [];
        var input = new DeliverKubeconfigInput { Cluster = run.Cluster, Step = step, Kind = kind, AdminTtl = run.Request.AdminTtl, Sinks = run.Request.Sinks, ExpectedCaFingerprints = expected };
        DeliveryResult result = await Workflow.ExecuteActivityAsync((IKubeconfigActivities a) => a.DeliverKubeconfigAsync(input), ActivityProfiles.Deliver($"{step}: delivers kubeconfigs"));
        foreach (Delivery delivery in result.Deliveries)
            if (!delivery.CaFingerprints.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
                throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"{step}: sink '{delivery.Sink}' holds {delivery.CaFingerprints.Count} CA certificates, not the {expected.Count} that must be there.");
    }

    public async Task RestoreAsync(string step)
    {
        run.Board.Say($"Back from {step}: puts back the kubeconfigs that sinks held before.");
        var input = new RestoreKubeconfigInput { Cluster = run.Cluster, Step = step, Sinks = run.Request.Sinks };
        await Workflow.ExecuteActivityAsync((IKubeconfigActivities a) => a.RestoreKubeconfigAsync(input), ActivityProfiles.Deliver($"back from {step}: restores kubeconfigs"));
    }

    /// <summary>Fails with <c>OldCredentialAccepted</c> when a server still takes the credentials from before step 4.</summary>
    public async Task ProveOldRefusedAsync(string step)
    {
        run.Board.Say($"{step}: proves that the old credentials are refused.");
        var input = new ProveRefusedInput { Cluster = run.Cluster, Step = StepNames.ExportAdmin, Sinks = run.Request.Sinks };
        RefusalProof proof = await Workflow.ExecuteActivityAsync((ITrustActivities a) => a.ProveRefusedAsync(input), ActivityProfiles.Probe($"{step}: tries the old credentials"));
        if (proof.Attempts.FirstOrDefault(a => !a.Refused) is { } accepted)
            throw RotationErrors.Permanent(RotationErrors.OldCredentialAccepted, $"{step}: the credential that sink '{accepted.Sink}' held before is still accepted by {accepted.Server} ({accepted.How}).");
    }
}
