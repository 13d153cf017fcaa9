using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rotation.Activities.Approvals;

/// <summary>A JSON Web Token (RFC 7519) as it was sent: read strictly, nothing in it believed before a key has verified it.</summary>
internal sealed class SignedToken
{
    private const int LongestToken = 16 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private SignedToken(string signed, JsonElement header, JsonElement claims, byte[] signature) =>
        (Content, Header, Claims, Signature) = (Encoding.ASCII.GetBytes(signed), header, claims, signature);

    /// <summary>What was signed.</summary>
    public byte[] Content { get; }

    /// <summary>The header.</summary>
    public JsonElement Header { get; }

    /// <summary>The claims.</summary>
    public JsonElement Claims { get; }

    /// <summary>The signature.</summary>
    public byte[] Signature { get; }

    /// <summary>Algorithm the token says it is signed with.</summary>
    public string Algorithm => TextOf(Header, "alg") ?? "";

    /// <summary>Id of the key the token says it is signed with, or null.</summary>
    public string? KeyId => TextOf(Header, "kid");

    /// <summary>Issuer, or null.</summary>
    public string? Issuer => TextOf(Claims, "iss");

    /// <summary>SHA-256 of what was signed: unlike the whole token, no change of the signature's bytes alters it.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>Reads a token.</summary>
    /// <exception cref="ApprovalRefusedException">It is none.</exception>
    public static SignedToken Parse(string token)
    {
        string[] parts = token.Length <= LongestToken ? token.Split('.') : [];
        if (parts.Length != 3)
            throw new ApprovalRefusedException("is no signed token: three parts with dots between, at most 16 KiB");
        try
        {
            var parsed = new SignedToken($"{parts[0]}.{parts[1]}", Json(parts[0]), Json(parts[1]), Base64Url.DecodeFromChars(parts[2]));
            // RFC 7515, 4.1.11: what we do not know must not be passed over.
            return !parsed.Header.TryGetProperty("crit", out _) ? parsed : throw new ApprovalRefusedException("has a critical header that is not known here");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new ApprovalRefusedException("is no signed token: its parts are not base64url of JSON objects");
        }
    }

    /// <summary>A claim or header that is a text, or null.</summary>
    public static string? TextOf(JsonElement part, string name) => part.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Json(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("not an object");
    }
}
