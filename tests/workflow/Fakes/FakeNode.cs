using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>What a node takes from the state store when it boots, and keeps until it is replaced.</summary>
/// <param name="Version">Version of the boot configuration.</param>
/// <param name="Issuer">Keypair of <c>kubernetes-ca</c> that issued its certificates.</param>
/// <param name="Trusted">Keypairs of <c>kubernetes-ca</c> that it trusts.</param>
/// <param name="EncryptionKeys">Keys that its API server encrypts Secrets with, the one it writes with first.</param>
internal sealed record BootConfiguration(int Version, string Issuer, IReadOnlyList<string> Trusted, string EncryptionKeys);

/// <summary>One instance of the fake cluster.</summary>
internal sealed class FakeNode(string id, string group, InstanceGroupRole role, BootConfiguration boot)
{
    public string Id { get; } = id;

    public string Group { get; } = group;

    public InstanceGroupRole Role { get; } = role;

    public string Zone => $"us-east-1{(char)('a' + (int.Parse(Id[2..], System.Globalization.CultureInfo.InvariantCulture) % 3))}";

    public BootConfiguration Boot { get; } = boot;

    public bool Cordoned { get; set; }

    public bool Detached { get; set; }

    public bool Drained { get; set; }

    public bool Tainted { get; set; }

    /// <summary>True while cluster-autoscaler may not scale it down.</summary>
    public bool IsHeld { get; set; }

    public InstanceState ToState(BootConfiguration published) =>
        new() { Id = Id, NodeName = $"node-{Id}", InstanceGroup = Group, Role = Role, Zone = Zone, NeedsUpdate = NeedsUpdate(published), Detached = Detached };

    /// <summary>As kops sees it: workers do not have the encryption configuration among what they boot with.</summary>
    public bool NeedsUpdate(BootConfiguration published) =>
        Boot.Version != published.Version || (Role == InstanceGroupRole.ControlPlane && Boot.EncryptionKeys != published.EncryptionKeys);
}
