namespace Rotation.Workflows.Contracts;

/// <summary>
/// Input of the workflow <c>LegacyRotation</c>, which replaces every credential of a cluster at once and takes its API away meanwhile. Cluster and
/// <see cref="AcknowledgeDisruption"/> are required.
/// </summary>
public sealed record LegacyRotationRequest : ProcedureRequest
{
    /// <summary>The cluster's name once more: whoever types it knows that everybody is cut off. Required.</summary>
    public string AcknowledgeDisruption { get; init; } = "";

    /// <summary>True: also with kops 1.22 and newer, which can rotate without disruption; every gate then needs two approvers at least. Default false.</summary>
    public bool AllowNewerKops { get; init; }

    /// <summary>Lifetime of the admin certificates that are delivered at the end. Default 18h, as kops; at least 10m.</summary>
    public KopsDuration AdminTtl { get; init; } = KopsDuration.FromHours(18);

    /// <summary>Names of the sinks, in the worker's configuration, that get kubeconfigs. Default: the worker's default sinks.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];

    /// <summary>How long controllers are given after the tokens were deleted, and again after the controller managers were restarted. Default 1m.</summary>
    public KopsDuration Settle { get; init; } = KopsDuration.FromMinutes(1);
}
