namespace Rotation.Workflows.Contracts;

/// <summary>What was read about a cluster before anything is changed.</summary>
public sealed record ClusterFacts
{
    /// <summary>kOps cluster name.</summary>
    public string Name { get; init; } = "";

    /// <summary>State store that was read, as kOps writes it.</summary>
    public string StateStore { get; init; } = "";

    /// <summary>Version of the kops binary that the worker will use, such as <c>1.26.6</c>.</summary>
    public string KopsVersion { get; init; } = "";

    /// <summary>Kubernetes version of the cluster specification, such as <c>1.26.5</c>.</summary>
    public string KubernetesVersion { get; init; } = "";

    /// <summary>Cloud provider of the cluster specification, such as <c>aws</c>.</summary>
    public string CloudProvider { get; init; } = "";

    /// <summary>True when the API is behind a load balancer with a certificate of its own: then clients never see the cluster CA, and steps 2 and 6 are skipped.</summary>
    public bool ApiHasOwnCertificate { get; init; }

    /// <summary>True when the service-account keys are published for verifiers outside the cluster, which keep what they read for a while.</summary>
    public bool JwksPublished { get; init; }

    /// <summary>How long the worker lets a kops command that changes one keyset run: the attempt after a lost worker begins only when that time is over. Zero: not said.</summary>
    public KopsDuration KopsChangeDeadline { get; init; }

    /// <summary>How long the worker lets <c>kops update cluster</c> run. Zero: not said.</summary>
    public KopsDuration KopsUpdateDeadline { get; init; }

    /// <summary>Instance groups in the order in which they are rolled.</summary>
    public IReadOnlyList<InstanceGroupFacts> InstanceGroups { get; init; } = [];

    /// <summary>Version of kops that last updated the cluster, as it stands in the state store; empty when it never was or the store does not say.</summary>
    public string LastUpdatedBy { get; init; } = "";

    /// <summary>What a person should know before the cluster is changed, such as that a newer kops wrote it last.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One instance group of the cluster specification.</summary>
/// <param name="Name">Name of the instance group.</param>
/// <param name="Role">What its instances are.</param>
/// <param name="MinSize">Smallest number of instances.</param>
/// <param name="MaxSize">Largest number of instances.</param>
/// <param name="Subnets">Subnets, in AWS named by zone.</param>
public sealed record InstanceGroupFacts(string Name, InstanceGroupRole Role, int MinSize, int MaxSize, IReadOnlyList<string> Subnets);

/// <summary>Roles of an instance group, in the order in which kOps rolls them.</summary>
public enum InstanceGroupRole
{
    /// <summary>A host to reach the others by SSH.</summary>
    Bastion,

    /// <summary>Runs etcd, the API server and the controllers.</summary>
    ControlPlane,

    /// <summary>Runs an API server only.</summary>
    ApiServer,

    /// <summary>Runs workloads.</summary>
    Node,
}
