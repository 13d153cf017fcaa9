using System.Buffers.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;

namespace Rotation.Activities.Approvals;

/// <summary>What a person signs.</summary>
/// <param name="Approver">Who approves, a name of <c>Rotation:Approvals:Approvers</c>.</param>
/// <param name="WorkflowId">Workflow id of the rotation.</param>
/// <param name="Gate">Gate, such as <c>3-promote</c>.</param>
/// <param name="PlanHash">Hash of the plan that the person has read.</param>
/// <param name="Lifetime">How long the token counts; whole seconds, more than 0.</param>
public sealed record ApprovalToSign(string Approver, string WorkflowId, string Gate, string PlanHash, TimeSpan Lifetime);

/// <summary>Makes the <c>token</c> of an approval with a person's Ed25519 key. The key stays where the person is.</summary>
public static class ApprovalSigner
{
    /// <summary>Signs an approval.</summary>
    /// <param name="privateKeyPem">Ed25519 key in PEM, PKCS #8, without a passphrase (<c>openssl genpkey -algorithm ed25519</c>).</param>
    /// <param name="approval">What is signed.</param>
    /// <param name="now">Time of signing.</param>
    /// <returns>A JSON Web Token (RFC 7519), algorithm EdDSA (RFC 8037).</returns>
    /// <exception cref="FormatException">The text is no such key. The message does not show it.</exception>
    public static string Sign(string privateKeyPem, ApprovalToSign approval, DateTimeOffset now)
    {
        Ed25519PrivateKeyParameters key = Read(privateKeyPem);
        long made = now.ToUnixTimeSeconds();
        string header = Encode(new() { ["alg"] = "EdDSA", ["typ"] = ApprovalVerifier.TokenType, ["kid"] = VerificationKey.FromEd25519(key.GeneratePublicKey()).Id });
        string claims = Encode(new()
        {
            ["sub"] = approval.Approver,
            ["iat"] = made,
            ["exp"] = made + (long)approval.Lifetime.TotalSeconds,
            ["jti"] = Guid.NewGuid().ToString("n"),
            [ApprovalBinding.WorkflowClaim] = approval.WorkflowId,
            [ApprovalBinding.GateClaim] = approval.Gate,
            [ApprovalBinding.PlanHashClaim] = approval.PlanHash,
        });
        byte[] content = System.Text.Encoding.ASCII.GetBytes($"{header}.{claims}");
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(content, 0, content.Length);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signer.GenerateSignature())}";
    }

    private static Ed25519PrivateKeyParameters Read(string pem)
    {
        try
        {
            using var reader = new PemReader(new StringReader(pem));
            object? read = reader.ReadObject();
            return (read is AsymmetricCipherKeyPair pair ? pair.Private : read) as Ed25519PrivateKeyParameters ?? throw new FormatException("It is no Ed25519 private key in PEM; make one with: openssl genpkey -algorithm ed25519");
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidCastException or PasswordException or Org.BouncyCastle.Security.SecurityUtilityException)
        {
            throw new FormatException("It is no Ed25519 private key in PEM without a passphrase; make one with: openssl genpkey -algorithm ed25519");
        }
    }

    private static string Encode(Dictionary<string, object> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
