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

    /// <summary>True: a rotation that was begun by hand, or whose history was lost, is found and gone on with. False: new keypairs are made whatever is there. Default true.</summary>
    public bool Adopt { get; init; } = true;

    /// <summary>True: the shortest way that still verifies every step. Who approves the plan approves all of it, and nothing waits for clients or for tokens to run out. Default false.</summary>
    public bool Emergency { get; init; }

    /// <summary>How long verifiers outside the cluster keep published service-account keys: the time between steps 1 and 3 where keys are published. Default 24h.</summary>
    public KopsDuration JwksHold { get; init; } = KopsDuration.FromHours(24);
}
