using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Rotation.Activities.Approvals;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Approvals;

public sealed class SignedApprovalTests : IDisposable
{
    private readonly ApprovalDesk _desk = new();

    [Fact]
    public async Task A_token_of_ones_own_key_counts_once_and_says_who()
    {
        string token = _desk.Sign();

        ApprovalVerdict verdict = await _desk.VerifyAsync(_desk.Ask(token, "Alice@Example.com"));

        verdict.Refusal.ShouldBeEmpty();
        (verdict.Accepted, verdict.Approver, verdict.Method).ShouldBe((true, "alice@example.com", "ed25519"));
        verdict.KeyId.Length.ShouldBe(43);
        (await _desk.VerifyAsync(_desk.Ask(token) with { UsedTokenIds = [verdict.TokenId] })).Refusal.ShouldBe("token: was used already; sign a new one");
    }

    [Fact]
    public async Task Two_tokens_for_the_same_are_two() =>
        (await _desk.VerifyAsync(_desk.Ask(_desk.Sign()))).TokenId.ShouldNotBe((await _desk.VerifyAsync(_desk.Ask(_desk.Sign()))).TokenId);

    [Fact]
    public async Task Without_a_token_nothing_counts_where_one_is_required() => await RefusedAsync("", "is required: this worker counts signed approvals only");

    [Fact]
    public async Task Without_a_token_the_name_is_believed_where_none_is_required()
    {
        using var desk = new ApprovalDesk(new() { ["Rotation:Approvals:Required"] = "false" });

        ApprovalVerdict verdict = await desk.VerifyAsync(desk.Ask("", "dora"));

        (verdict.Accepted, verdict.Approver, verdict.Method, verdict.TokenId).ShouldBe((true, "dora", "unsigned", ""));
    }

    [Fact]
    public async Task A_bad_token_is_refused_even_where_none_is_required()
    {
        using var desk = new ApprovalDesk(new() { ["Rotation:Approvals:Required"] = "false" });

        (await desk.VerifyAsync(desk.Ask("nonsense"))).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_for_another_gate_is_refused() => await RefusedAsync(_desk.Sign(gate: "5-distrust"), "is for the gate '5-distrust', and this is '3-promote'");

    [Fact]
    public async Task A_token_for_another_rotation_is_refused() => await RefusedAsync(_desk.Sign(workflowId: "rotate-2"), "is for the rotation 'rotate-2'");

    [Fact]
    public async Task A_token_for_a_stale_plan_is_refused() => await RefusedAsync(_desk.Sign(planHash: "old"), "is for the plan 'old', and this is 'abc123'");

    [Fact]
    public async Task An_empty_plan_hash_binds_nothing() => (await _desk.VerifyAsync(_desk.Ask(_desk.Sign(planHash: "")) with { PlanHash = "" })).Accepted.ShouldBeFalse();

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        string token = _desk.Sign(minutes: 5);
        _desk.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(59));
        (await _desk.VerifyAsync(_desk.Ask(token))).Accepted.ShouldBeTrue();

        _desk.Clock.Advance(TimeSpan.FromSeconds(1));

        await RefusedAsync(token, "expired at 2026-11-24 12:05:00Z");
    }

    [Fact]
    public async Task A_token_from_before_the_gate_was_reached_is_refused()
    {
        string token = _desk.Sign();
        _desk.Clock.Advance(TimeSpan.FromMinutes(12));

        await RefusedAsync(token, "before the gate was reached");
    }

    [Fact]
    public async Task A_token_that_lives_too_long_is_refused() => await RefusedAsync(_desk.Sign(minutes: 61), "at most 01:00:00 is allowed");

    [Fact]
    public async Task A_token_of_the_future_is_refused()
    {
        string token = _desk.Sign();
        _desk.Clock.AutoAdvanceAmount = TimeSpan.Zero;
        using var early = new ApprovalDesk(KeyOf(_desk));
        early.Clock.GetUtcNow().ShouldBe(_desk.Clock.GetUtcNow());
        _desk.Clock.Advance(TimeSpan.FromMinutes(2));

        (await early.VerifyAsync(early.Ask(_desk.Sign()))).Refusal.ShouldContain("is of the future");
        (await early.VerifyAsync(early.Ask(token))).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_of_somebody_else_is_refused() => await RefusedAsync(_desk.Sign(_desk.Bob), "which is none of 'alice@example.com'");

    [Fact]
    public async Task A_key_nobody_knows_is_refused() => await RefusedAsync(_desk.Sign(new Ed25519PrivateKeyParameters(new SecureRandom())), "which is none of 'alice@example.com'");

    [Fact]
    public async Task A_person_nobody_knows_is_refused() => await RefusedAsync(_desk.Sign(approver: "eve@example.com"), "who is not among Rotation:Approvals:Approvers", "eve@example.com");

    [Fact]
    public async Task A_name_that_is_not_the_signers_is_refused() => await RefusedAsync(_desk.Sign(_desk.Bob, "bob@example.com"), "is signed by 'bob@example.com', and the approval names 'alice@example.com'");

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("eddsa")]
    [InlineData("")]
    public async Task No_other_algorithm_than_the_keys_own_counts(string algorithm)
    {
        byte[] publicKey = Encoding.ASCII.GetBytes(ApprovalDesk.PublicPem(_desk.Alice));
        string kid = (await _desk.VerifyAsync(_desk.Ask(_desk.Sign()))).KeyId;
        foreach (Func<byte[], byte[]> sign in new Func<byte[], byte[]>[] { _ => [], c => HMACSHA256.HashData(publicKey, c), c => SignRaw(c), c => HMACSHA256.HashData(_desk.Alice.GeneratePublicKey().GetEncoded(), c) })
            await RefusedAsync(OwnToken(sign, algorithm, kid), "has a signature that is not by a key of 'alice@example.com'");
    }

    [Fact]
    public async Task Every_changed_character_is_found()
    {
        string token = _desk.Sign();
        for (int i = 0; i < token.Length; i += 3)
        {
            // The fourth to last character of a part may carry bits that base64url ignores; it must then still be refused or mean the very same token.
            string changed = string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1));
            ApprovalVerdict verdict = await _desk.VerifyAsync(_desk.Ask(changed));
            verdict.Accepted.ShouldBeFalse($"character {i}: {changed[i]}");
        }
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("...")]
    [InlineData("e30.e30.")]
    [InlineData("W10.W10.AA")]
    [InlineData("!!!.e30.AA")]
    public async Task What_is_no_token_is_refused_in_words(string token) => (await _desk.VerifyAsync(_desk.Ask(token))).Refusal.ShouldStartWith("token: ");

    [Fact]
    public async Task A_huge_token_is_refused() => await RefusedAsync($"{new string('e', 20_000)}.e30.AA", "at most 16 KiB");

    [Fact]
    public async Task A_claim_that_is_there_twice_is_refused()
    {
        string claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""{"sub":"alice@example.com","sub":"bob@example.com"}"""));
        await RefusedAsync($"{OwnToken(SignRaw).Split('.')[0]}.{claims}.AA", "is no signed token");
    }

    [Fact]
    public async Task A_critical_header_is_refused() => await RefusedAsync(OwnToken(SignRaw, header: new() { ["alg"] = "EdDSA", ["typ"] = ApprovalVerifier.TokenType, ["crit"] = new[] { "b64" } }), "critical header");

    [Fact]
    public async Task A_token_of_another_type_is_refused() => await RefusedAsync(OwnToken(SignRaw, header: new() { ["alg"] = "EdDSA", ["typ"] = "JWT" }), "has neither an issuer");

    public void Dispose() => _desk.Dispose();

    private static Dictionary<string, string?> KeyOf(ApprovalDesk desk)
    {
        string path = Path.Combine(Path.GetDirectoryName(desk.JwksFile)!, "alice.pub");
        return new() { ["Rotation:Approvals:Approvers:alice@example.com:0"] = path };
    }

    private string OwnToken(Func<byte[], byte[]> sign, string algorithm = "EdDSA", string? kid = null, Dictionary<string, object?>? header = null) => ApprovalDesk.Token(
        header ?? new() { ["alg"] = algorithm, ["typ"] = ApprovalVerifier.TokenType, ["kid"] = kid },
        new()
        {
            ["sub"] = "alice@example.com",
            ["iat"] = _desk.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = _desk.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
            ["workflowId"] = "rotate-1",
            ["gate"] = "3-promote",
            ["planHash"] = "abc123",
        },
        sign);

    private byte[] SignRaw(byte[] content)
    {
        var signer = new Org.BouncyCastle.Crypto.Signers.Ed25519Signer();
        signer.Init(true, _desk.Alice);
        signer.BlockUpdate(content, 0, content.Length);
        return signer.GenerateSignature();
    }

    private async Task RefusedAsync(string token, string words, string approver = "alice@example.com")
    {
        ApprovalVerdict verdict = await _desk.VerifyAsync(_desk.Ask(token, approver));
        verdict.Accepted.ShouldBeFalse();
        verdict.Refusal.ShouldStartWith("token: ");
        verdict.Refusal.ShouldContain(words);
    }
}
