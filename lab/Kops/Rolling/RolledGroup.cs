using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>An instance group as kops sees it: what is in the state store, what the cloud runs, and which nodes joined.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">Role in today's words, such as <c>ControlPlane</c>.</param>
/// <param name="CloudName">Name of its AutoScaling group.</param>
/// <param name="MinSize">Least instances.</param>
/// <param name="TargetSize">Instances wanted now.</param>
/// <param name="MaxSize">Most instances.</param>
/// <param name="TargetGroups">Load balancer target groups of its instances.</param>
/// <param name="ClassicBalancers">Classic load balancers of its instances.</param>
/// <param name="Instances">Its instances, detached ones too.</param>
/// <param name="Settings">How many may be replaced at once.</param>
internal sealed record RolledGroup(
    string Name,
    string Role,
    string CloudName,
    int MinSize,
    int TargetSize,
    int MaxSize,
    IReadOnlyList<string> TargetGroups,
    IReadOnlyList<string> ClassicBalancers,
    IReadOnlyList<RolledInstance> Instances,
    RollSettings Settings)
{
    public bool IsBastion => Role == "Bastion";

    public bool IsControlPlane => Role == "ControlPlane";

    public IReadOnlyList<RolledInstance> NeedUpdate => [.. Instances.Where(i => i.NeedsUpdate)];

    public IReadOnlyList<RolledInstance> Ready => [.. Instances.Where(i => !i.NeedsUpdate)];
}

/// <summary>One instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UpToDate">Whether it runs the latest launch-template version.</param>
/// <param name="Detached">Taken out of its group to surge.</param>
/// <param name="Node">Its node, or null.</param>
internal sealed record RolledInstance(string Id, bool UpToDate, bool Detached, JsonObject? Node)
{
    private const string NeedsUpdateAnnotation = "kops.k8s.io/needs-update";

    public bool NeedsUpdate => !UpToDate || Detached || Node?["metadata"]?["annotations"]?[NeedsUpdateAnnotation] is not null;

    public string NodeName => Node is null ? "" : $"{Node["metadata"]!["name"]}";

    public bool IsUnschedulable => Node?["spec"]?["unschedulable"]?.GetValue<bool>() == true;
}
