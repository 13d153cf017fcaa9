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
    /// <summary>What was begun already. Default: nothing.</summary>
    public Adoption Adoption { get; init; } = Adoption.None(Keysets);

    /// <summary>First step that is left to do.</summary>
    public string FirstStep { get; init; } = Keypairs.StepNames.Stage;

    /// <summary>1, and one more with each way back to a step.</summary>
    public int Round { get; init; } = 1;

    /// <summary>What the pre-flight activity found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Service-account tokens; null when their keyset is not rotated.</summary>
    public TokenUsage? Tokens { get; init; }

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

    /// <summary>The gate before a step, or null. In an emergency the first one stands for all.</summary>
    public string? GateOf(string step) => step == Keypairs.StepNames.Stage || (!Request.Emergency && Keypairs.StepNames.ChangesTrust(step)) ? step : null;

    /// <summary>Why a step was done before this plan, or null.</summary>
    public string? DoneBefore(string step) => Keypairs.StepNames.IndexOf(step) >= Keypairs.StepNames.IndexOf(FirstStep) ? null
        : Round > 1 ? "done before, and not taken back"
        : "found done: keysets, nodes and servers are as this step makes them";

    /// <summary>Why a step is not needed, or null.</summary>
    public string? SkipOf(string step) => step switch
    {
        Keypairs.StepNames.Stage or Keypairs.StepNames.Promote or Keypairs.StepNames.Distrust => null,
        _ when !RotatesClusterCa => "kubernetes-ca is not rotated, so kubeconfigs stay as they are",
        Keypairs.StepNames.ExportBothCas or Keypairs.StepNames.ExportNewCa when Facts.ApiHasOwnCertificate => "the API is behind a load balancer with a certificate of its own, so clients never see the cluster CA",
        _ => null,
    };
}
