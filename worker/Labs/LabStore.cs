using Rotation.Worker.Commands;

namespace Rotation.Worker.Labs;

/// <summary>Fills a lab's folder: state store, and the first admin kubeconfig.</summary>
internal static class LabStore
{
    /// <summary>Makes what is not there yet; leaves what is.</summary>
    public static Task PrepareAsync(LabFolder folder, LabPlan plan, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        throw CommandFailure.Failed($"This build has no kops emulator, so it cannot make the cluster {plan.Cluster} in {folder.StateStore}.");
    }
}
