using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>
/// A cluster in memory that keeps the truth about trust: nodes have the certificates and bundles of their boot, kubeconfigs those of their delivery. After every
/// change it asks whether everybody who must still reaches everybody, and remembers each violation.
/// </summary>
internal sealed class FakeCluster
{
    public const string ClusterCa = "kubernetes-ca";
    private readonly Lock _gate = new();
    private readonly List<FakeNode> _nodes = [];
    private readonly List<string> _violations = [];
    private BootConfiguration _published;
    private string _publishedText;
    private int _nextId = 200;
    private int _nextNode;

    public FakeCluster(string name, int controlPlane = 1, int workers = 2, int groups = 1, string group = "nodes")
    {
        Name = name;
        Keysets = [.. new[] { "etcd-peers-ca-main", ClusterCa, "service-account" }.Select((k, i) => new FakeKeyset(k, $"{100 + i}"))];
        _published = new(1, Ca.Primary, Ca.Trusted, Vault.EncryptionKeys);
        _publishedText = Describe();
        for (int i = 0; i < controlPlane; i++)
            Boot($"control-plane-{i}", InstanceGroupRole.ControlPlane);
        for (int i = 0; i < workers; i++)
            Boot(groups == 1 ? group : $"{group}-{i % groups}", InstanceGroupRole.Node);
        Sinks["ops"] = new(Ca.Trusted, Ca.Primary);
    }

    public string Name { get; }

    public IReadOnlyList<FakeKeyset> Keysets { get; }

    public FakeKeyset Ca => Keysets.Single(k => k.Name == ClusterCa);

    public Dictionary<string, FakeKubeconfig> Sinks { get; } = [];

    public Dictionary<string, FakeKubeconfig> Kept { get; } = [];

    public bool ApiHasOwnCertificate { get; init; }

    /// <summary>False leaves out the check after each change, which takes long in a large cluster.</summary>
    public bool ChecksTrust { get; set; } = true;

    /// <summary>Workers that were left at the moment of an instance's end, at fewest.</summary>
    public int FewestServing { get; private set; } = int.MaxValue;

    public bool JwksPublished { get; init; }

    /// <summary>True: updates change nothing, as when they are run against another store.</summary>
    public bool UpdateReachesNobody { get; set; }

    /// <summary>True when an update would change nothing.</summary>
    public bool IsPublished => Describe() == _publishedText;

    /// <summary>Instances that ended, in order.</summary>
    public List<string> Terminated { get; } = [];

    public IReadOnlyList<string> Violations => Locked(() => _violations.ToArray());

    public IReadOnlyList<FakeNode> Nodes => Locked(() => _nodes.ToArray());

    /// <summary>What instances boot with from the last update on.</summary>
    public BootConfiguration Published => _published;

    /// <summary>Hosts that the worker's configuration pins.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = ["control-plane-0:22"];

    /// <summary>What was deleted, and the moment that it had to be older than.</summary>
    public List<(string What, DateTimeOffset Before)> DeletedBefore { get; } = [];

    public string KopsVersion { get; init; } = "1.26.6";

    /// <summary>Symmetric secrets, and what is encrypted with them.</summary>
    public FakeVault Vault { get; } = new();

    /// <summary>Everything that trust consists of, as text: equal texts, equal trust.</summary>
    public string Trust => Locked(() => Describe() + "\n" + string.Join('\n', _nodes.Select(n => $"{n.Group} {n.Role} by {n.Boot.Issuer} trusts {string.Join(',', n.Boot.Trusted)} {(n.Cordoned ? "cordoned" : "")}").Order(StringComparer.Ordinal)) + "\n" + string.Join('\n', Sinks.Select(s => $"{s.Key}: {s.Value}")) + "\n" + Vault);

    public T Locked<T>(Func<T> act)
    {
        lock (_gate)
            return act();
    }

    /// <summary>Changes something and then looks whether trust still holds.</summary>
    public T Change<T>(string what, Func<T> act) => Locked(() =>
    {
        T result = act();
        if (ChecksTrust)
            Check(what);
        return result;
    });

    public string NewId() => $"{_nextId++}";

    /// <summary><c>kops update cluster</c>: what boots from now on boots with what the state store has now.</summary>
    public void Publish()
    {
        // What was deleted is made anew.
        foreach (FakeKeyset gone in Keysets.Where(k => k.Ids.Count == 0))
        {
            gone.Add(NewId());
            gone.Promote(gone.Ids[0]);
        }

        _published = _published with { EncryptionKeys = Vault.EncryptionKeys };
        string now = Describe();
        if (now == _publishedText || UpdateReachesNobody)
            return;
        _publishedText = now;
        _published = new(_published.Version + 1, Ca.Primary, Ca.Trusted, Vault.EncryptionKeys);
    }

    /// <summary>Changes what nodes boot with, so that every node needs the update.</summary>
    public void Outdate() => Locked(() =>
    {
        Ca.Add(NewId());
        Publish();
        return true;
    });

    public FakeNode? Find(string id) => _nodes.Find(n => n.Id == id);

    public void Terminate(string id)
    {
        if (Find(id) is not { } node)
            return;
        FewestServing = Math.Min(FewestServing, _nodes.Count(n => n.Role == InstanceGroupRole.Node) - 1);
        _nodes.Remove(node);
        Terminated.Add(id);
        // A detached instance was replaced when it was detached.
        if (!node.Detached)
            Boot(node.Group, node.Role);
    }

    /// <summary>Holds or gives back scale-down of every node; how many changed.</summary>
    public int Hold(bool held)
    {
        FakeNode[] changed = [.. _nodes.Where(n => n.IsHeld != held)];
        foreach (FakeNode node in changed)
            node.IsHeld = held;
        return changed.Length;
    }

    public void Detach(string id)
    {
        if (Find(id) is not { Detached: false } node)
            return;
        node.Detached = true;
        Boot(node.Group, node.Role);
    }

    /// <summary>What a person does from a terminal, on every keyset or on <c>one</c>; a fake that is misused is not checked for violations.</summary>
    public void ByHand(string move) => Locked(() =>
    {
        FakeKeyset[] some = move.EndsWith(" one", StringComparison.Ordinal) ? [Keysets[0]] : [.. Keysets];
        foreach (FakeKeyset keyset in some)
            _ = move.Split(' ')[0] switch
            {
                "stage" => Do(() => keyset.Add(NewId())),
                "promote" => Do(() => keyset.Promote(keyset.Ids[^1])),
                "distrust" => keyset.Set(keyset.Ids[0], distrusted: true),
                _ => true,
            };
        if (move == "update")
            Publish();
        foreach (string id in move.StartsWith("roll", StringComparison.Ordinal) ? _nodes.Select(n => n.Id).Take(move.EndsWith(" one", StringComparison.Ordinal) ? 1 : int.MaxValue).ToArray() : [])
            Terminate(id);
        if (move.StartsWith("deliver", StringComparison.Ordinal))
            Sinks["ops"] = new(Ca.Trusted, move == "deliver admin" ? Ca.Primary : Sinks["ops"].AdminIssuer);
        return true;
    });

    private static bool Do(Action act)
    {
        act();
        return true;
    }

    private void Boot(string group, InstanceGroupRole role) => _nodes.Add(new($"i-{++_nextNode:000}", group, role, _published));

    private string Describe() => string.Join('\n', Keysets.Select(k => $"{k.Name} {k.Primary} {string.Join(',', k.Trusted)}"));

    private void Check(string what)
    {
        _violations.AddRange(Vault.Check(what, [.. _nodes.Where(n => n.Role == InstanceGroupRole.ControlPlane)]));
        foreach (FakeNode server in _nodes)
        {
            foreach (FakeNode peer in _nodes.Where(p => !server.Boot.Trusted.Contains(p.Boot.Issuer)))
                _violations.Add($"{what}: {server.Id} does not trust {peer.Id}, whose certificate is of {peer.Boot.Issuer}");
            foreach ((string sink, FakeKubeconfig held) in Sinks.Where(_ => server.Role == InstanceGroupRole.ControlPlane))
            {
                if (!ApiHasOwnCertificate && !held.Cas.Contains(server.Boot.Issuer))
                    _violations.Add($"{what}: the client of {sink} does not trust {server.Id}, whose certificate is of {server.Boot.Issuer}");
                if (!server.Boot.Trusted.Contains(held.AdminIssuer))
                    _violations.Add($"{what}: {server.Id} does not trust the client of {sink}, whose certificate is of {held.AdminIssuer}");
            }
        }
    }
}

/// <summary>A delivered kubeconfig.</summary>
/// <param name="Cas">Keypairs whose certificates it has.</param>
/// <param name="AdminIssuer">Keypair that issued its client certificate.</param>
internal sealed record FakeKubeconfig(IReadOnlyList<string> Cas, string AdminIssuer)
{
    public override string ToString() => $"{string.Join(',', Cas)} admin by {AdminIssuer}";
}
