namespace Rotation.Tests.Unit.WorkflowRules.Continuity;

/// <summary>The two keypairs of a rotation.</summary>
[Flags]
internal enum Key
{
    None = 0,
    Old = 1,
    New = 2,
    Both = Old | New,
}

/// <summary>A node with what it got when it booted.</summary>
internal sealed record ModelNode(bool ControlPlane, int Version, Key Issuer, Key Trusts);

/// <summary>What a client holds: the CAs it trusts, and who issued its credential.</summary>
internal sealed record Kubeconfig(Key Cas, Key Admin);

/// <summary>A cluster reduced to who trusts whom.</summary>
internal sealed class World
{
    private const int ControlPlanes = 2;
    private const int Clients = 2;
    private const int MostNodes = 6;

    public static readonly Kubeconfig Original = new(Key.Old, Key.Old);

    public Key Primary { get; set; } = Key.Old;

    public Key Trusted { get; set; } = Key.Old;

    public bool Staged { get; set; }

    public Kubeconfig Sink { get; set; } = Original;

    public Dictionary<string, Kubeconfig> Kept { get; } = [];

    public List<Kubeconfig> Held { get; } = [.. Enumerable.Repeat(Original, Clients)];

    public List<ModelNode> Nodes { get; } = [];

    public (int Version, Key Primary, Key Trusted) Published { get; private set; } = (1, Key.Old, Key.Old);

    public World()
    {
        for (int i = 0; i < ControlPlanes; i++)
            Nodes.Add(new(true, 1, Key.Old, Key.Old));
        Nodes.Add(new(false, 1, Key.Old, Key.Old));
    }

    /// <summary>What is broken, or null: for every connection that must work the issuer of each side is in the other side's bundle.</summary>
    public string? Broken()
    {
        foreach (ModelNode one in Nodes)
        {
            foreach (ModelNode other in Nodes)
                if (!one.Trusts.HasFlag(other.Issuer))
                    return $"a node that trusts {one.Trusts} meets one of {other.Issuer}";
            foreach (Kubeconfig client in Held.Where(_ => one.ControlPlane))
                if (!client.Cas.HasFlag(one.Issuer) || !one.Trusts.HasFlag(client.Admin))
                    return $"a client with the CAs {client.Cas} and a credential of {client.Admin} meets a server of {one.Issuer} that trusts {one.Trusts}";
        }

        return null;
    }

    /// <summary>True when every node serves and trusts what the state store says.</summary>
    public bool Verified => Nodes.All(IsRight);

    public bool ClientsHaveSink => Held.All(h => h == Sink);

    public int? NextToRoll() => Index(n => n.Version != Published.Version);

    public int? NextToHeal() => Index(n => n.Version == Published.Version && !IsRight(n));

    public void Update()
    {
        if (Published.Primary != Primary || Published.Trusted != Trusted)
            Published = (Published.Version + 1, Primary, Trusted);
    }

    /// <summary>Replaces a node; workers get their certificate from a control-plane node as that is now.</summary>
    public void Replace(int at, int signer) => Nodes[at] = Boot(Nodes[at].ControlPlane, signer);

    public void Join(int signer)
    {
        if (Nodes.Count < MostNodes)
            Nodes.Add(Boot(false, signer));
    }

    private ModelNode Boot(bool controlPlane, int signer)
    {
        ModelNode[] servers = [.. Nodes.Where(n => n.ControlPlane)];
        return new(controlPlane, Published.Version, controlPlane ? Published.Primary : servers[signer % servers.Length].Issuer, Published.Trusted);
    }

    private bool IsRight(ModelNode node) => node.Issuer == Primary && node.Trusts == Trusted;

    // The control plane stands first in the list, and is rolled first.
    private int? Index(Func<ModelNode, bool> wanted)
    {
        int at = Nodes.FindIndex(n => wanted(n));
        return at < 0 ? null : at;
    }
}
