using Rotation.Activities.Hosting;

namespace Rotation.Worker.CodecServer;

/// <summary>
/// The codec server, which decrypts payloads for people who look at a rotation in the Temporal UI or with the <c>temporal</c> command. Bound from the section <c>Rotation:CodecServer</c>.
/// Whoever it answers can read everything: it answers this host only, unless somebody may authenticate and TLS is on.
/// </summary>
public sealed class CodecServerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation:CodecServer";

    /// <summary>Address to listen at, http or https, with the port. Default: <c>http://127.0.0.1:8081</c>. Beyond this host only https and only with authentication.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Origins of web pages that may call, such as <c>https://temporal.example.com</c>; exactly, no pattern. Default: none, which leaves the command lines.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Token that callers send as <c>Authorization: Bearer …</c>; at least 32 characters.</summary>
    public SecretSource BearerToken { get; set; } = new();

    /// <summary>User of <c>Authorization: Basic …</c>.</summary>
    public string? User { get; set; }

    /// <summary>Password of <see cref="User"/>; at least 16 characters.</summary>
    public SecretSource Password { get; set; } = new();

    /// <summary>With https: absolute path of the certificate with its chain, PEM.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>With https: absolute path of the certificate's key, PEM.</summary>
    public string? KeyFile { get; set; }

    /// <summary>True when callers must authenticate.</summary>
    internal bool WantsAuthentication => !BearerToken.IsUnset || User is not null;
}
