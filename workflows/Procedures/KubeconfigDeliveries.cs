using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Deliveries of kubeconfigs, their way back, and the proof that old credentials are refused.</summary>
/// <param name="run">The rotation.</param>
/// <param name="adminTtl">Lifetime of admin certificates.</param>
/// <param name="sinks">Names of the sinks; empty: the worker's default sinks.</param>
/// <param name="expectedCas">Fingerprints of exactly the CA certificates that a kubeconfig must carry now.</param>
internal sealed class KubeconfigDeliveries(ProcedureRun run, KopsDuration adminTtl, IReadOnlyList<string> sinks, Func<IReadOnlyList<string>> expectedCas)
{
    public async Task DeliverAsync(string step, KubeconfigKind kind)
    {
        run.Board.Say($"{step}: delivers kubeconfigs and reads them back.");
        IReadOnlyList<string> expected = expectedCas();
        var input = new DeliverKubeconfigInput { Cluster = run.Cluster, Step = run.DeliveryOf(step), Kind = kind, AdminTtl = adminTtl, Sinks = sinks, ExpectedCaFingerprints = expected };
        DeliveryResult result = await Workflow.ExecuteActivityAsync((IKubeconfigActivities a) => a.DeliverKubeconfigAsync(input), ActivityProfiles.Deliver($"{step}: delivers kubeconfigs"));
        run.Delivered(result.Deliveries);
        Record(step, "kops export kubecfg, delivered and read back", result);
        foreach (Delivery delivery in result.Deliveries)
            if (!delivery.CaFingerprints.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
                throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"{step}: sink '{delivery.Sink}' holds {delivery.CaFingerprints.Count} CA certificates, not the {expected.Count} that must be there.");
    }

    public async Task RestoreAsync(string step)
    {
        run.Board.Say($"Back from {step}: puts back the kubeconfigs that sinks held before.");
        var input = new RestoreKubeconfigInput { Cluster = run.Cluster, Step = run.DeliveryOf(step), Sinks = sinks };
        DeliveryResult result = await Workflow.ExecuteActivityAsync((IKubeconfigActivities a) => a.RestoreKubeconfigAsync(input), ActivityProfiles.Deliver($"back from {step}: restores kubeconfigs"));
        run.Delivered(result.Deliveries);
        Record(ProcedureRun.BackOf(step), "previous kubeconfigs put back", result);
    }

    /// <summary>Fails with <c>OldCredentialAccepted</c> when a server still takes the credentials that sinks held before a step.</summary>
    /// <param name="step">Step that proves.</param>
    /// <param name="delivered">Step that delivered new ones.</param>
    public async Task ProveOldRefusedAsync(string step, string delivered)
    {
        run.Board.Say($"{step}: proves that the old credentials are refused.");
        var input = new ProveRefusedInput { Cluster = run.Cluster, Step = run.DeliveryOf(delivered), Sinks = sinks };
        RefusalProof proof = await Workflow.ExecuteActivityAsync((ITrustActivities a) => a.ProveRefusedAsync(input), ActivityProfiles.Probe($"{step}: tries the old credentials"));
        if (proof.Attempts.FirstOrDefault(a => !a.Refused && (a.IssuedBy.Length == 0 || a.IssuedBy != run.NewCa)) is { } accepted)
            throw RotationErrors.Permanent(RotationErrors.OldCredentialAccepted, $"{step}: the credential that sink '{accepted.Sink}' held before is still accepted by {accepted.Server} ({accepted.How}).");
        run.Board.Record(ReportKind.Verified, "The credentials from before are refused", step: step, facts: proof.Attempts.Select((a, i) => ($"{i + 1}", $"{a.Sink} at {a.Server}: {a.How}")));
    }

    private void Record(string step, string what, DeliveryResult result) =>
        run.Board.Record(ReportKind.Changed, what, step: step, facts: result.Deliveries.Select(d => (d.Sink, $"SHA-256 {d.Sha256}, before {d.PreviousSha256}, {d.CaFingerprints.Count} CA certificates")));
}
