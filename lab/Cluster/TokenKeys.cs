using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Cluster;

/// <summary>Signs service-account tokens with the primary, verifies them with every trusted key, as of boot. RS256, key id as Kubernetes makes it.</summary>
internal sealed class TokenKeys
{
    private readonly RSA _signer;
    private readonly string _signerKeyId;
    private readonly Dictionary<string, RSA> _verifiers;

    public TokenKeys(RSA signer, IEnumerable<RSA> trusted)
    {
        _signer = signer;
        _signerKeyId = KeyId(signer);
        _verifiers = trusted.DistinctBy(KeyId).ToDictionary(KeyId, StringComparer.Ordinal);
    }

    /// <summary>Base64url of the SHA-256 of the key's DER form.</summary>
    public static string KeyId(RSA key) => Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public string SignerKeyId => _signerKeyId;

    public IReadOnlyCollection<string> TrustedKeyIds => _verifiers.Keys;

    /// <summary>Every trusted key as a JSON web key.</summary>
    public IEnumerable<JsonObject> PublicKeys() => _verifiers.Select(v =>
    {
        var numbers = v.Value.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = "RSA",
            ["kid"] = v.Key,
            ["alg"] = "RS256",
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    });

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = _signerKeyId };
        var content = $"{Encode(header)}.{Encode(claims)}";
        lock (_signer)
            return $"{content}.{Base64Url.EncodeToString(_signer.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The claims of a token signed by a trusted key and not expired, or null and why.</summary>
    public JsonElement? Verify(string token, out string reason)
    {
        reason = "not a JSON web token";
        var parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            return VerifyParts(parts, out reason);
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            reason = e.Message;
            return null;
        }
    }

    private JsonElement? VerifyParts(string[] parts, out string reason)
    {
        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        var keyId = header.GetProperty("kid").GetString() ?? "";
        if (!_verifiers.TryGetValue(keyId, out var key))
        {
            reason = $"signed by unknown key {keyId}";
            return null;
        }

        bool valid;
        lock (key)
        {
            valid = key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        var expired = claims.TryGetProperty("exp", out var exp) && exp.GetInt64() <= DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        reason = !valid ? "signature does not match" : expired ? "token has expired" : "";
        return reason.Length == 0 ? claims : null;
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
