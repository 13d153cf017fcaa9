using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Rotation.Activities.Approvals;
using Rotation.Activities.Hosting;
using Rotation.Tests.Support;
using Rotation.Workflows.Activities;

namespace Rotation.Tests.Unit.Activities.Approvals;

/// <summary>People with keys, an identity provider with a key set, a worker that knows them, and a gate that waits.</summary>
internal sealed class ApprovalDesk : IDisposable
{
    public const string Issuer = "https://id.example.com";
    private readonly TempFolder _folder = new();
    // Made once: generating one takes long.
    private static readonly RSA SharedRsa = RSA.Create(2048);
    private readonly ServiceProvider _services;
    private readonly ApprovalActivities _activities;

    public ApprovalDesk(Dictionary<string, string?>? more = null)
    {
        File.WriteAllText(_folder.Combine("alice.pub"), PublicPem(Alice));
        File.WriteAllText(_folder.Combine("bob.pub"), PublicPem(Bob));
        WriteKeySet(Jwk("rsa-1", Rsa));
        Dictionary<string, string?> settings = new()
        {
            ["Rotation:Approvals:Required"] = "true",
            ["Rotation:Approvals:Approvers:alice@example.com:0"] = _folder.Combine("alice.pub"),
            ["Rotation:Approvals:Approvers:bob@example.com:0"] = _folder.Combine("bob.pub"),
            ["Rotation:Approvals:Issuers:idp:Issuer"] = Issuer,
            ["Rotation:Approvals:Issuers:idp:Audience"] = "rotation-approvals",
            ["Rotation:Approvals:Issuers:idp:JwksFile"] = _folder.Combine("jwks.json"),
            ["Rotation:Approvals:Issuers:idp:Approvers:0"] = "carol@example.com",
            ["Rotation:Approvals:Issuers:idp:Groups:0"] = "sre",
        };
        foreach ((string key, string? value) in more ?? [])
            settings[key] = value;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddRotationActivities(configuration).BuildServiceProvider();
        _activities = _services.GetRequiredService<ApprovalActivities>();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public Ed25519PrivateKeyParameters Alice { get; } = new(new SecureRandom());

    public Ed25519PrivateKeyParameters Bob { get; } = new(new SecureRandom());

    public RSA Rsa { get; } = SharedRsa;

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string JwksFile => _folder.Combine("jwks.json");

    /// <summary>What the workflow asks at the gate that waits.</summary>
    public VerifyApprovalInput Ask(string token, string approver = "alice@example.com") => new()
    {
        WorkflowId = "rotate-1",
        Gate = "3-promote",
        PlanHash = "abc123",
        GateReachedAt = Clock.GetUtcNow() - TimeSpan.FromMinutes(10),
        Approver = approver,
        Token = token,
    };

    public async Task<ApprovalVerdict> VerifyAsync(VerifyApprovalInput input) => await _activities.VerifyApprovalAsync(input);

    /// <summary>A token as <c>rotation approve --sign-key</c> makes it.</summary>
    public string Sign(Ed25519PrivateKeyParameters? key = null, string approver = "alice@example.com", string workflowId = "rotate-1", string gate = "3-promote", string planHash = "abc123", int minutes = 30) =>
        ApprovalSigner.Sign(PrivatePem(key ?? Alice), new(approver, workflowId, gate, planHash, TimeSpan.FromMinutes(minutes)), Clock.GetUtcNow());

    /// <summary>Claims of an identity provider's token for the gate that waits.</summary>
    public Dictionary<string, object?> IssuerClaims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "rotation-approvals",
        ["email"] = "carol@example.com",
        ["email_verified"] = true,
        ["nonce"] = ApprovalBinding.Nonce("rotate-1", "3-promote", "abc123"),
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["exp"] = Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
    };

    public string ByIssuer(Dictionary<string, object?> claims, string algorithm = "RS256", string? kid = "rsa-1", Func<byte[], byte[]>? sign = null) => Token(
        new() { ["alg"] = algorithm, ["kid"] = kid, ["typ"] = "JWT" }, claims, sign ?? (c => Rsa.SignData(c, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));

    public static string Token(Dictionary<string, object?> header, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        string content = $"{Part(header)}.{Part(claims)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    public void WriteKeySet(params object[] keys) => File.WriteAllText(_folder.Combine("jwks.json"), JsonSerializer.Serialize(new { keys }));

    public static object Jwk(string kid, RSA key) => new { kty = "RSA", use = "sig", kid, n = Base64Url.EncodeToString(key.ExportParameters(false).Modulus), e = Base64Url.EncodeToString(key.ExportParameters(false).Exponent) };

    public static object Jwk(string kid, ECDsa key) => new { kty = "EC", crv = "P-256", kid, x = Base64Url.EncodeToString(key.ExportParameters(false).Q.X), y = Base64Url.EncodeToString(key.ExportParameters(false).Q.Y) };

    public static string PublicPem(Ed25519PrivateKeyParameters key) => Pem(key.GeneratePublicKey());

    public static string PrivatePem(Ed25519PrivateKeyParameters key) => Pem(key);

    public void Dispose()
    {
        _services.Dispose();
        Ec.Dispose();
        _folder.Dispose();
    }

    private static string Part(Dictionary<string, object?> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static string Pem(object key)
    {
        using var text = new StringWriter();
        using (var writer = new PemWriter(text))
            writer.WriteObject(key is Ed25519PrivateKeyParameters own ? new Pkcs8Generator(own).Generate() : key);
        return text.ToString();
    }
}
