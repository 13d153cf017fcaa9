namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>RotateKeypairs</c>. Only the cluster is required: <c>{"cluster":"prod.example.com"}</c> is a complete, safe start.</summary>
public sealed record RotateKeypairsRequest : ProcedureRequest
{
    /// <summary>Keysets to rotate; <c>all</c> stands for every keyset that kops can rotate. Default: all.</summary>
    public IReadOnlyList<string> Keysets { get; init; } = ["all"];

    /// <summary>Lifetime of the admin certificates of step 4. Default 18h, as kops; at least 10m.</summary>
    public KopsDuration AdminTtl { get; init; } = KopsDuration.FromHours(18);

    /// <summary>Names of the sinks, in the worker's configuration, that get kubeconfigs. Default: the worker's default sinks.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];
}
