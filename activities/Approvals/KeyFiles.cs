using System.Security.Cryptography;
using System.Text.Json;

namespace Rotation.Activities.Approvals;

/// <summary>A file of keys cannot be used; the message goes after the setting's name.</summary>
internal sealed class KeyFileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads public keys from files.</summary>
internal static class KeyFiles
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>An Ed25519 public key in PEM.</summary>
    public static VerificationKey ReadPublicKey(string path) => VerificationKey.FromPem(Read(path)) ?? throw new KeyFileException($"has the file '{path}', which is no Ed25519 public key in PEM; make it with: openssl pkey -in KEY -pubout");

    /// <summary>The keys of a JSON Web Key Set that can verify; keys of other kinds and uses are left out, as RFC 7517 says. At least one.</summary>
    public static IReadOnlyList<VerificationKey> ReadKeySet(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(Read(path), Strict);
            VerificationKey[] keys = [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(VerificationKey.FromJwk).OfType<VerificationKey>()];
            return keys.Length > 0 ? keys : throw new KeyFileException($"has the file '{path}', which has no key that can verify: Ed25519, RSA of 2048 bits or more, P-256 or P-384");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or CryptographicException)
        {
            throw new KeyFileException($"has the file '{path}', which is no JSON Web Key Set: {e.Message}", e);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"has the file '{path}', which cannot be read: {e.Message}", e);
        }
    }
}
