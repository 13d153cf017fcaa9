using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Planning;

/// <summary>Everything that was read before the first change: what plans and pre-flight checks are made from.</summary>
/// <param name="Request">The request.</param>
/// <param name="Facts">Cluster and worker.</param>
/// <param name="Keysets">Keysets that are rotated, sorted by name.</param>
/// <param name="Instances">Instances of every group.</param>
/// <param name="At">When it was read.</param>
internal sealed record ClusterSnapshot(RotateKeypairsRequest Request, ClusterFacts Facts, IReadOnlyList<KeysetState> Keysets, InstanceList Instances, DateTimeOffset At)
{
    /// <summary>True when the CA that clients and servers show each other is among the keysets.</summary>
    public bool RotatesClusterCa => Keysets.Any(k => k.Name == Keypairs.TrustCheck.ClusterCa);

    /// <summary>Chooses the keysets that a request names. Fails with <c>InvalidRequest</c> when the cluster does not have one.</summary>
    public static IReadOnlyList<KeysetState> Choose(RotateKeypairsRequest request, KeysetList found)
    {
        bool all = request.Keysets is ["all"];
        string[] unknown = all ? [] : [.. request.Keysets.Where(n => found.Keysets.All(k => k.Name != n))];
        if (unknown.Length > 0 || found.Keysets.Count == 0)
            throw RotationErrors.Permanent(RotationErrors.InvalidRequest, $"keysets: the cluster has no keyset '{string.Join("', '", unknown)}'; it has {string.Join(", ", found.Keysets.Select(k => k.Name))}. Nothing was changed.");
        return [.. found.Keysets.Where(k => all || request.Keysets.Contains(k.Name)).OrderBy(k => k.Name, StringComparer.Ordinal)];
    }

    /// <summary>Why a step is not needed, or null.</summary>
    public string? SkipOf(string step) => step switch
    {
        Keypairs.StepNames.Stage or Keypairs.StepNames.Promote or Keypairs.StepNames.Distrust => null,
        _ when !RotatesClusterCa => "kubernetes-ca is not rotated, so kubeconfigs stay as they are",
        Keypairs.StepNames.ExportBothCas or Keypairs.StepNames.ExportNewCa when Facts.ApiHasOwnCertificate => "the API is behind a load balancer with a certificate of its own, so clients never see the cluster CA",
        _ => null,
    };
}
