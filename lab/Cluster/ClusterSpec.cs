using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Cluster;

/// <summary>What the lab needs of the cluster and its instance groups as they lie in the state store.</summary>
internal static class ClusterSpec
{
    public static bool Exists(LabOptions options) => File.Exists(Path.Combine(options.StateStoreDirectory, options.ClusterName, "config"));

    public static string KubernetesVersion(LabOptions options) => Yaml.Text(Read(options), "spec", "kubernetesVersion") ?? "1.26.5";

    /// <summary>Name of the API's load balancer where the cluster asks for a classic one, at most 32 characters; else null.</summary>
    public static string? ClassicLoadBalancer(LabOptions options)
    {
        if (Yaml.Text(Read(options), "spec", "api", "loadBalancer", "class") != "Classic")
            return null;
        var name = "api-" + options.ClusterName.Replace('.', '-');
        return name[..Math.Min(name.Length, 32)];
    }

    public static IReadOnlyList<InstanceGroup> Groups(LabOptions options)
    {
        var folder = Path.Combine(options.StateStoreDirectory, options.ClusterName, "instancegroup");
        return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select((file, n) => Group(options, Yaml.Parse(File.ReadAllText(file)), n))];
    }

    private static YamlMappingNode Read(LabOptions options) => Yaml.Parse(File.ReadAllText(Path.Combine(options.StateStoreDirectory, options.ClusterName, "config")));

    private static InstanceGroup Group(LabOptions options, YamlMappingNode yaml, int number)
    {
        var minimum = int.Parse(Yaml.Text(yaml, "spec", "minSize") ?? "1");
        var zones = (Yaml.Find(yaml, "spec", "subnets") as YamlSequenceNode)?.Select(s => ((YamlScalarNode)s).Value!).ToList();
        return new InstanceGroup
        {
            Name = Yaml.Text(yaml, "metadata", "name") ?? throw new InvalidDataException("An instance group has no name."),
            Cluster = options.ClusterName,
            Role = Role(Yaml.Text(yaml, "spec", "role")),
            // A subnet of kOps' making bears its zone's name.
            Zones = zones is { Count: > 0 } ? zones : ["us-east-1a"],
            MinSize = minimum,
            MaxSize = int.Parse(Yaml.Text(yaml, "spec", "maxSize") ?? minimum.ToString()),
            Desired = minimum,
            TemplateId = $"lt-{number + 1:x17}",
        };
    }

    private static GroupRole Role(string? role) => role?.ToLowerInvariant() switch
    {
        "master" or "controlplane" or "control-plane" => GroupRole.ControlPlane,
        "node" => GroupRole.Node,
        "bastion" => GroupRole.Bastion,
        _ => throw new InvalidDataException($"The lab has no instance groups of role '{role}'."),
    };
}
