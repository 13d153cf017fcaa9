using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>One keyset of the fake state store, with the rules of kops.</summary>
internal sealed class FakeKeyset(string name, string primary)
{
    private readonly List<(string Id, bool Distrusted)> _pairs = [(primary, false)];

    public string Name { get; } = name;

    public string Primary { get; private set; } = primary;

    public IReadOnlyList<string> Trusted => [.. _pairs.Where(p => !p.Distrusted).Select(p => p.Id)];

    public IReadOnlyList<string> Ids => [.. _pairs.Select(p => p.Id)];

    /// <summary>Deletes every keypair; an update makes a new one.</summary>
    public void Clear()
    {
        _pairs.Clear();
        Primary = "";
    }

    /// <summary>Keypairs and primary as text, to be put back by <see cref="PutBack"/>.</summary>
    public (string Primary, (string Id, bool Distrusted)[] Pairs) Copy() => (Primary, [.. _pairs]);

    public void PutBack((string Primary, (string Id, bool Distrusted)[] Pairs) copy)
    {
        Clear();
        _pairs.AddRange(copy.Pairs);
        Primary = copy.Primary;
    }

    public void Add(string id) => _pairs.Add((id, false));

    public void Promote(string id) => Primary = Trusted.Contains(id) ? id : throw new InvalidOperationException($"{id} is not trusted");

    public bool Set(string id, bool distrusted)
    {
        int at = _pairs.FindIndex(p => p.Id == id);
        if (at < 0)
            throw new InvalidOperationException($"{Name} has no {id}");
        if (distrusted && id == Primary)
            throw new InvalidOperationException($"{id} is the primary");
        bool changed = _pairs[at].Distrusted != distrusted;
        _pairs[at] = (id, distrusted);
        return changed;
    }

    public KeysetState ToState() => new()
    {
        Name = Name,
        PrimaryId = Primary,
        Keypairs = [.. _pairs.Select(p => new KeypairState
        {
            Id = p.Id,
            Distrusted = p.Distrusted,
            Fingerprint = Fingerprint(p.Id),
            Subject = $"CN={Name},SERIALNUMBER={p.Id}",
            NotBefore = DateTimeOffset.UnixEpoch.AddYears(50),
            NotAfter = DateTimeOffset.UnixEpoch.AddYears(200),
            HasPrivateKey = true,
        })],
    };

    public static string Fingerprint(string id) => $"sha-{id}";
}
