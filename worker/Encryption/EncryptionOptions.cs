using Rotation.Activities.Hosting;

namespace Rotation.Worker.Encryption;

/// <summary>
/// Keys that payloads and failure messages are encrypted with before they leave for Temporal. Bound from the section <c>Rotation:Encryption</c>. Default: no key, no encryption.
/// Every process that talks to Temporal for us needs the same keys: workers, commands, the codec server.
/// </summary>
public sealed class EncryptionOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation:Encryption";

    /// <summary>Id of the key that new payloads are encrypted with. Required when there are keys.</summary>
    public string? ActiveKey { get; set; }

    /// <summary>
    /// Keys by id: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 64. Each is base64 of 32 random bytes (<c>openssl rand -base64 32</c>). A key that is not active only
    /// decrypts; keep it for as long as Temporal keeps a history from its time.
    /// </summary>
    public IDictionary<string, SecretSource> Keys { get; } = new Dictionary<string, SecretSource>(StringComparer.Ordinal);
}
