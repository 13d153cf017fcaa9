using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;

namespace Rotation.Activities.Approvals;

/// <summary>
/// A public key and the only algorithms it verifies. The key decides the algorithm and the token must agree (RFC 8725, 3.1): no token chooses how it is checked, and neither
/// <c>none</c> nor a symmetric algorithm exists here.
/// </summary>
internal sealed class VerificationKey
{
    private const int Ed25519KeyLength = 32;
    private const int LeastRsaBits = 2048;
    private const int LongestRsaBits = 8192;
    private readonly Func<string, byte[], byte[], bool> _verify;

    private VerificationKey(string id, IReadOnlyList<string> algorithms, Func<string, byte[], byte[], bool> verify) => (Id, Algorithms, _verify) = (id, algorithms, verify);

    /// <summary><c>kid</c> of the key set, or the RFC 7638 thumbprint.</summary>
    public string Id { get; }

    /// <summary>JOSE names of the algorithms, such as <c>EdDSA</c>.</summary>
    public IReadOnlyList<string> Algorithms { get; }

    /// <summary>True when the signature is this key's over the content, by an algorithm that is this key's.</summary>
    public bool Verifies(string algorithm, byte[] content, byte[] signature) => Algorithms.Contains(algorithm, StringComparer.Ordinal) && _verify(algorithm, content, signature);

    /// <summary>The Ed25519 public key of a PEM text; null when it is none.</summary>
    public static VerificationKey? FromPem(string pem)
    {
        try
        {
            using var reader = new PemReader(new StringReader(pem));
            return reader.ReadObject() is Ed25519PublicKeyParameters key ? FromEd25519(key) : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException or InvalidCastException or Org.BouncyCastle.Security.SecurityUtilityException)
        {
            return null;
        }
    }

    /// <summary>A key of its own kind for an Ed25519 public key.</summary>
    public static VerificationKey FromEd25519(Ed25519PublicKeyParameters key, string? id = null) => new(id ?? Thumbprint(key.GetEncoded()), ["EdDSA"], (_, content, signature) => VerifyEd25519(key, content, signature));

    /// <summary>A key of a JSON Web Key Set; null when it is of a kind or for a use that does not verify approvals.</summary>
    public static VerificationKey? FromJwk(JsonElement jwk)
    {
        if ((Text(jwk, "use") ?? "sig") != "sig" || Text(jwk, "kid") is not { Length: > 0 } id)
            return null;
        return (Text(jwk, "kty"), Text(jwk, "crv")) switch
        {
            ("OKP", "Ed25519") when Bytes(jwk, "x") is { Length: Ed25519KeyLength } x => FromEd25519(new Ed25519PublicKeyParameters(x), id),
            ("RSA", _) => FromRsa(id, new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") }),
            ("EC", "P-256") => FromEc(id, "ES256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, jwk),
            ("EC", "P-384") => FromEc(id, "ES384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, jwk),
            _ => null,
        };
    }

    private static bool VerifyEd25519(Ed25519PublicKeyParameters key, byte[] content, byte[] signature)
    {
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(content, 0, content.Length);
        return signature.Length == Ed25519PrivateKeyParameters.SignatureSize && verifier.VerifySignature(signature);
    }

    private static VerificationKey? FromRsa(string id, RSAParameters parameters)
    {
        if (parameters.Modulus is not { Length: >= LeastRsaBits / 8 and <= LongestRsaBits / 8 } || parameters.Exponent is null)
            return null;
        RSA.Create(parameters).Dispose();
        return new(id, ["RS256", "PS256"], (algorithm, content, signature) =>
        {
            using var rsa = RSA.Create(parameters);
            return rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        });
    }

    private static VerificationKey FromEc(string id, string algorithm, ECCurve curve, HashAlgorithmName hash, JsonElement jwk)
    {
        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } };
        // Throws when the point is not on the curve.
        ECDsa.Create(parameters).Dispose();
        return new(id, [algorithm], (_, content, signature) =>
        {
            using var ec = ECDsa.Create(parameters);
            return ec.VerifyData(content, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        });
    }

    // RFC 7638 over the members that RFC 8037 names for Ed25519, in their order.
    private static string Thumbprint(byte[] x) => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($$"""{"crv":"Ed25519","kty":"OKP","x":"{{Base64Url.EncodeToString(x)}}"}""")));

    private static string? Text(JsonElement jwk, string name) => jwk.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) => Text(jwk, name) is { } text ? Base64Url.DecodeFromChars(text) : null;
}
