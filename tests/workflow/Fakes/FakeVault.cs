using Rotation.Workflows.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>
/// The symmetric secrets of the fake state store, and the Secrets that API servers keep encrypted with the keys of their boot. Clients write at any moment by any server, so
/// after every change each server writes one, and whoever cannot read what another wrote is a violation.
/// </summary>
internal sealed class FakeVault
{
    private readonly Dictionary<string, string> _kept = [];

    public FakeVault()
    {
        for (int i = 0; i < 5; i++)
            Stored[$"secret-{i}"] = "k0";
    }

    /// <summary>Contents by name; of the encryption configuration its keys, separated by commas.</summary>
    public Dictionary<SecretName, string> Contents { get; } = new()
    {
        [SecretName.EncryptionConfig] = "k0",
        [SecretName.CiliumPassword] = "3",
        [SecretName.DockerConfig] = "d0",
        [SecretName.WeavePassword] = "w0",
    };

    /// <summary>Key of each Secret of the Kubernetes API.</summary>
    public Dictionary<string, string> Stored { get; } = [];

    /// <summary>What the encryption configuration encrypts.</summary>
    public IReadOnlyList<string> Resources { get; set; } = ["secrets"];

    public string EncryptionKeys => Contents.GetValueOrDefault(SecretName.EncryptionConfig, "");

    public SecretState StateOf(SecretName secret) => Contents.TryGetValue(secret, out string? content)
        ? new($"sha-{content}", secret == SecretName.EncryptionConfig ? content.Split(',').Length : 0) { Resources = secret == SecretName.EncryptionConfig ? Resources : [] }
        : new("", 0);

    public SecretState Change(ChangeSecretInput input)
    {
        string key = $"{input.Cluster.Rotation} {input.Step} {input.Secret}";
        _kept.TryAdd(key + " before", Contents[input.Secret]);
        _kept.TryAdd(key + " after", After(input, Contents[input.Secret]));
        Contents[input.Secret] = _kept[key + " after"];
        return StateOf(input.Secret);
    }

    public SecretState Restore(SecretInput input)
    {
        Contents[input.Secret] = _kept[$"{input.Cluster.Rotation} {input.Step} {input.Secret} before"];
        return StateOf(input.Secret);
    }

    /// <summary>A pass by one server.</summary>
    public RewrittenSecrets Rewrite(FakeNode server)
    {
        string[] stale = [.. Stored.Where(s => s.Value != KeysOf(server)[0]).Select(s => s.Key)];
        foreach (string name in stale)
            Stored[name] = KeysOf(server)[0];
        return new(Stored.Count, stale.Length);
    }

    public ReadableSecrets Read(IEnumerable<FakeNode> servers) =>
        new([.. servers.Select(s => new SecretReadings(s.Id, Stored.Count, Stored.Any(o => !KeysOf(s).Contains(o.Value)) ? "no matching key" : null))]);

    public IEnumerable<string> Check(string what, IReadOnlyList<FakeNode> servers)
    {
        foreach (FakeNode writer in servers)
            Stored[$"by-{writer.Id}"] = KeysOf(writer)[0];
        return [.. from server in servers from secret in Stored where !KeysOf(server).Contains(secret.Value) select $"{what}: the API server of {server.Id} cannot read {secret.Key}, which is under {secret.Value}"];
    }

    public override string ToString() => string.Join(' ', Contents.Select(c => $"{c.Key}={c.Value}"));

    private static string[] KeysOf(FakeNode server) => server.Boot.EncryptionKeys.Split(',');

    private static string After(ChangeSecretInput input, string content) => input.Move switch
    {
        SecretMove.AddKey => $"{content},k{content.Split(',').Length}",
        SecretMove.PromoteKey => string.Join(',', content.Split(',').Reverse()),
        SecretMove.RemoveOldKeys => content.Split(',')[0],
        SecretMove.FromSource => "d1",
        _ => content + "+",
    };
}
