using System.Security.Cryptography;
using System.Text;
using Rotation.Activities.Approvals;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Approvals;

public sealed class OidcApprovalTests : IDisposable
{
    private readonly ApprovalDesk _desk = new();

    [Fact]
    public async Task A_providers_token_with_the_nonce_of_the_gate_counts()
    {
        ApprovalVerdict verdict = await _desk.VerifyAsync(_desk.Ask(_desk.ByIssuer(_desk.IssuerClaims()), "carol@example.com"));

        verdict.Refusal.ShouldBeEmpty();
        (verdict.Accepted, verdict.Approver, verdict.Method, verdict.KeyId).ShouldBe((true, "carol@example.com", "oidc", "rsa-1"));
    }

    [Fact]
    public async Task A_providers_token_may_name_rotation_gate_and_plan_in_claims() => (await VerifyAsync(c =>
    {
        c.Remove("nonce");
        (c["workflowId"], c["gate"], c["planHash"]) = ("rotate-1", "3-promote", "abc123");
    })).Accepted.ShouldBeTrue();

    [Fact]
    public async Task A_member_of_a_group_may_approve() => (await VerifyAsync(
        c =>
        {
            c["email"] = "dan@example.com";
            c["groups"] = new[] { "dev", "sre" };
        },
        "dan@example.com")).Accepted.ShouldBeTrue();

    [Fact]
    public async Task Other_algorithms_of_the_key_set_count_too()
    {
        _desk.WriteKeySet(ApprovalDesk.Jwk("ec-1", _desk.Ec), ApprovalDesk.Jwk("rsa-1", _desk.Rsa));

        foreach (string token in new[]
        {
            _desk.ByIssuer(_desk.IssuerClaims(), "ES256", "ec-1", c => _desk.Ec.SignData(c, HashAlgorithmName.SHA256)),
            _desk.ByIssuer(_desk.IssuerClaims(), "PS256", "rsa-1", c => _desk.Rsa.SignData(c, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        })
            (await _desk.VerifyAsync(_desk.Ask(token, "carol@example.com"))).Refusal.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("iss", "https://evil.example.com", "which is not among Rotation:Approvals:Issuers")]
    [InlineData("aud", "another-service", "is not for the audience 'rotation-approvals'")]
    [InlineData("aud", null, "is not for the audience 'rotation-approvals'")]
    [InlineData("nonce", "bm9uc2Vuc2U", "its nonce does not fit")]
    [InlineData("nonce", null, "does not say which one of workflowId it approves")]
    [InlineData("email", null, "has no claim 'email'")]
    [InlineData("email", "eve@example.com", "who may not approve")]
    [InlineData("email_verified", false, "has not verified")]
    [InlineData("email_verified", "true", "has not verified")]
    [InlineData("exp", null, "does not say when it expires")]
    [InlineData("iat", null, "does not say when it was made")]
    [InlineData("exp", "soon", "has a 'exp' that is no time")]
    [InlineData("exp", 1e30, "has a 'exp' that is no time")]
    [InlineData("nbf", 4_000_000_000L, "is of the future")]
    public async Task A_claim_that_does_not_fit_is_refused(string claim, object? value, string words)
    {
        ApprovalVerdict verdict = await VerifyAsync(c => c[claim] = value, "carol@example.com");

        verdict.Accepted.ShouldBeFalse();
        verdict.Refusal.ShouldContain(words);
    }

    [Theory]
    [InlineData("1-stage", "abc123", "rotate-1")]
    [InlineData("3-promote", "old", "rotate-1")]
    [InlineData("3-promote", "abc123", "rotate-2")]
    public async Task A_nonce_of_another_gate_plan_or_rotation_is_refused(string gate, string planHash, string workflowId) =>
        (await VerifyAsync(c => c["nonce"] = ApprovalBinding.Nonce(workflowId, gate, planHash))).Refusal.ShouldContain("its nonce does not fit");

    [Fact]
    public async Task Claims_win_over_a_nonce_so_that_neither_can_hide_the_other() => (await VerifyAsync(c => (c["workflowId"], c["gate"], c["planHash"]) = ("rotate-2", "3-promote", "abc123"))).Accepted.ShouldBeFalse();

    [Fact]
    public async Task A_public_key_is_no_shared_secret()
    {
        byte[] modulus = _desk.Rsa.ExportParameters(false).Modulus!;
        byte[] pem = Encoding.ASCII.GetBytes(_desk.Rsa.ExportSubjectPublicKeyInfoPem());
        foreach (byte[] secret in new[] { modulus, pem })
            foreach (string algorithm in new[] { "HS256", "RS256", "none" })
                (await _desk.VerifyAsync(_desk.Ask(_desk.ByIssuer(_desk.IssuerClaims(), algorithm, sign: c => HMACSHA256.HashData(secret, c)), "carol@example.com"))).Refusal.ShouldContain("has a signature that is not by a key");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("rsa-2")]
    public async Task A_key_id_that_is_not_in_the_set_is_refused(string? kid) => (await _desk.VerifyAsync(_desk.Ask(_desk.ByIssuer(_desk.IssuerClaims(), kid: kid), "carol@example.com"))).Refusal.ShouldContain("which is none of the issuer");

    [Fact]
    public async Task A_replaced_key_set_counts_at_once()
    {
        string token = _desk.ByIssuer(_desk.IssuerClaims());
        using var other = RSA.Create(2048);
        _desk.WriteKeySet(ApprovalDesk.Jwk("rsa-1", other));

        (await _desk.VerifyAsync(_desk.Ask(token, "carol@example.com"))).Refusal.ShouldContain("has a signature that is not by a key");
    }

    [Fact]
    public async Task A_weak_key_never_verifies()
    {
        using var weak = RSA.Create(1024);
        _desk.WriteKeySet(ApprovalDesk.Jwk("weak", weak), ApprovalDesk.Jwk("rsa-1", _desk.Rsa));
        string token = _desk.ByIssuer(_desk.IssuerClaims(), kid: "weak", sign: c => weak.SignData(c, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        (await _desk.VerifyAsync(_desk.Ask(token, "carol@example.com"))).Refusal.ShouldContain("which is none of the issuer");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AAAA","y":"AAAA"}]}""")]
    public async Task A_key_set_that_is_damaged_later_is_a_failure_that_is_retried(string content)
    {
        string token = _desk.ByIssuer(_desk.IssuerClaims());
        await File.WriteAllTextAsync(_desk.JwksFile, content, TestContext.Current.CancellationToken);

        var e = await Should.ThrowAsync<ApplicationFailureException>(() => _desk.VerifyAsync(_desk.Ask(token, "carol@example.com")));

        (e.ErrorType, e.NonRetryable).ShouldBe(("ApprovalKeysUnavailable", false));
    }

    public void Dispose() => _desk.Dispose();

    private async Task<ApprovalVerdict> VerifyAsync(Action<Dictionary<string, object?>> change, string approver = "carol@example.com")
    {
        Dictionary<string, object?> claims = _desk.IssuerClaims();
        change(claims);
        foreach (string removed in claims.Where(c => c.Value is null).Select(c => c.Key).ToArray())
            claims.Remove(removed);
        return await _desk.VerifyAsync(_desk.Ask(_desk.ByIssuer(claims), approver));
    }
}
