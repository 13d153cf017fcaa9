using System.Text.RegularExpressions;
using Rotation.Activities.Hosting;

namespace Rotation.Worker.Encryption;

/// <summary>The keys that were read at start. Immutable; holds key material, so it is never logged or serialized.</summary>
internal sealed partial class PayloadKeys
{
    /// <summary>Bytes of an AES-256 key.</summary>
    public const int KeyLength = 32;

    private readonly Dictionary<string, byte[]> _keys;

    private PayloadKeys(string activeId, Dictionary<string, byte[]> keys) => (ActiveId, _keys) = (activeId, keys);

    /// <summary>Id of the key that encrypts; empty when there is none.</summary>
    public string ActiveId { get; }

    /// <summary>True when payloads are encrypted.</summary>
    public bool IsEnabled => ActiveId.Length > 0;

    /// <summary>The key that encrypts.</summary>
    public ReadOnlySpan<byte> Active => _keys[ActiveId];

    /// <summary>The key of that id.</summary>
    public bool TryGet(string id, out ReadOnlySpan<byte> key)
    {
        bool found = _keys.TryGetValue(id, out byte[]? bytes);
        key = bytes;
        return found;
    }

    /// <summary>Reads every key and says all that is wrong at once, each entry naming its setting. No entry shows a key.</summary>
    public static (PayloadKeys Keys, IReadOnlyList<string> Problems) Read(EncryptionOptions options)
    {
        List<string> problems = [];
        Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);
        foreach ((string id, SecretSource source) in options.Keys)
        {
            if (KeyProblem(id, source, out byte[] key) is { } problem)
                problems.Add(SettingProblem.Say(EncryptionOptions.Section, $"Keys:{id}", problem));
            keys[id] = key;
        }

        if (ActiveProblem(options) is { } active)
            problems.Add(SettingProblem.Say(EncryptionOptions.Section, nameof(EncryptionOptions.ActiveKey), active));
        return (new PayloadKeys(problems.Count == 0 ? options.ActiveKey ?? "" : "", keys), problems);
    }

    private static string? ActiveProblem(EncryptionOptions options) => (options.ActiveKey, options.Keys.Count) switch
    {
        (null or "", 0) => null,
        (null or "", _) => "is missing; it names the key that new payloads are encrypted with",
        ({ } id, _) when !options.Keys.ContainsKey(id) => $"is '{id}', which is not among {EncryptionOptions.Section}:Keys",
        _ => null,
    };

    private static string? KeyProblem(string id, SecretSource source, out byte[] key)
    {
        key = [];
        if (!Id().IsMatch(id))
            return "has an id of other characters than letters, digits, '.', '_' and '-', or of more than 64";
        if (!source.TryRead(out string text, out string? problem))
            return problem;
        key = new byte[KeyLength];
        return Convert.TryFromBase64String(text, key, out int written) && written == KeyLength ? null : "is not base64 of 32 bytes; make one with: openssl rand -base64 32";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Id();
}
