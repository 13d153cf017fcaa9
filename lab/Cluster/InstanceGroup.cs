namespace Rotation.Lab.Cluster;

/// <summary>What a group's instances are for.</summary>
internal enum GroupRole
{
    ControlPlane,
    Node,
    Bastion,
}

/// <summary>An instance group as its auto scaling group and launch template hold it. Guarded by the fleet's lock.</summary>
internal sealed class InstanceGroup
{
    public required string Name { get; init; }

    public required string Cluster { get; init; }

    public required GroupRole Role { get; init; }

    public required IReadOnlyList<string> Zones { get; init; }

    public int MinSize { get; set; }

    public int MaxSize { get; set; }

    public int Desired { get; set; }

    /// <summary>Name of the auto scaling group and of the launch template, as kOps names them.</summary>
    public string CloudName => Role switch
    {
        GroupRole.ControlPlane => $"{Name}.masters.{Cluster}",
        GroupRole.Bastion => $"{Name}.{Cluster}",
        _ => $"{Name}.{Cluster}",
    };

    public required string TemplateId { get; init; }

    /// <summary>Latest launch-template version; an instance of a lower one needs the update.</summary>
    public int TemplateVersion { get; set; } = 1;

    /// <summary>Hash of the node configuration that the latest version stands for.</summary>
    public string ConfigurationHash { get; set; } = "";

    /// <summary>When the file of that configuration was written, and how long it is. Guarded by the fleet's reading of templates.</summary>
    public (DateTime Written, long Length)? ConfigurationStamp { get; set; }

    public HashSet<string> SuspendedProcesses { get; } = new(StringComparer.Ordinal);

    public List<KeyValuePair<string, string>> Tags()
    {
        var role = Role switch { GroupRole.ControlPlane => "control-plane", GroupRole.Bastion => "bastion", _ => "node" };
        return
        [
            new("KubernetesCluster", Cluster),
            new("Name", CloudName),
            new("k8s.io/cluster-autoscaler/node-template/label/kops.k8s.io/instancegroup", Name),
            new($"k8s.io/cluster-autoscaler/node-template/label/node-role.kubernetes.io/{role}", ""),
            new($"k8s.io/role/{role}", "1"),
            new("kops.k8s.io/instancegroup", Name),
            new($"kubernetes.io/cluster/{Cluster}", "owned"),
        ];
    }
}
