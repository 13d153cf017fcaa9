using System.Text.Json;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Approvals;

/// <summary>Decides whether a token counts: whose key signed it, whether that key may, and whether it says what it must.</summary>
internal sealed class ApprovalVerifier(ApprovalOptions options, TokenRules rules)
{
    /// <summary>Type of our own tokens (RFC 8725, 3.11): no token made for anything else is one.</summary>
    public const string TokenType = "rotation-approval+jwt";

    /// <summary>The verdict on a signed approval.</summary>
    /// <exception cref="ApprovalRefusedException">It does not count.</exception>
    /// <exception cref="KeyFileException">A file of keys cannot be read.</exception>
    public ApprovalVerdict Verify(VerifyApprovalInput input)
    {
        var token = SignedToken.Parse(input.Token);
        ApprovalVerdict verdict = token.Issuer is { } issuer ? ByIssuer(token, issuer) : ByOwnKey(token);
        rules.Check(token, input);
        if (!Same(verdict.Approver, input.Approver))
            throw new ApprovalRefusedException($"is signed by '{verdict.Approver}', and the approval names '{input.Approver}'");
        return verdict with { Accepted = true, TokenId = token.Id };
    }

    private ApprovalVerdict ByOwnKey(SignedToken token)
    {
        if (SignedToken.TextOf(token.Header, "typ") != TokenType)
            throw new ApprovalRefusedException($"has neither an issuer (iss) nor the type {TokenType}");
        string name = SignedToken.TextOf(token.Claims, "sub") ?? throw new ApprovalRefusedException("does not say who signed it (sub)");
        if (!options.Approvers.TryGetValue(name, out IList<string>? files))
            throw new ApprovalRefusedException($"is by '{name}', who is not among {ApprovalOptions.Section}:Approvers");
        VerificationKey key = KeyOf(token, [.. files.Select(KeyFiles.ReadPublicKey)], $"of '{name}'");
        return new() { Approver = name, Method = "ed25519", KeyId = key.Id };
    }

    private ApprovalVerdict ByIssuer(SignedToken token, string name)
    {
        IssuerOptions issuer = options.Issuers.Values.FirstOrDefault(i => i.Issuer == name) ?? throw new ApprovalRefusedException($"is by the issuer '{name}', which is not among {ApprovalOptions.Section}:Issuers");
        VerificationKey key = KeyOf(token, KeyFiles.ReadKeySet(issuer.JwksFile), $"of the issuer '{name}'", idIsNeeded: true);
        if (!Holds(token.Claims, "aud", issuer.Audience))
            throw new ApprovalRefusedException($"is not for the audience '{issuer.Audience}'");
        return new() { Approver = PersonIn(token.Claims, issuer), Method = "oidc", KeyId = key.Id };
    }

    private static VerificationKey KeyOf(SignedToken token, IReadOnlyList<VerificationKey> keys, string whose, bool idIsNeeded = false)
    {
        VerificationKey[] candidates = [.. keys.Where(k => token.KeyId == k.Id || (token.KeyId is null && !idIsNeeded))];
        if (candidates.Length == 0)
            throw new ApprovalRefusedException($"is signed with the key '{token.KeyId}', which is none {whose}");
        return Array.Find(candidates, k => k.Verifies(token.Algorithm, token.Content, token.Signature)) ?? throw new ApprovalRefusedException($"has a signature that is not by a key {whose}");
    }

    private static string PersonIn(JsonElement claims, IssuerOptions issuer)
    {
        string person = SignedToken.TextOf(claims, issuer.ApproverClaim) ?? throw new ApprovalRefusedException($"has no claim '{issuer.ApproverClaim}' with the approver's name");
        if (issuer.ApproverClaim == "email" && claims.TryGetProperty("email_verified", out JsonElement verified) && verified.ValueKind != JsonValueKind.True)
            throw new ApprovalRefusedException($"has the address '{person}', which its issuer has not verified");
        if (issuer.Approvers.Any(a => Same(a, person)) || issuer.Groups.Any(g => Holds(claims, "groups", g)))
            return person;
        throw new ApprovalRefusedException($"is by '{person}', who may not approve");
    }

    private static bool Holds(JsonElement claims, string name, string wanted) => claims.TryGetProperty(name, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(wanted),
        JsonValueKind.Array => value.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.String && v.ValueEquals(wanted)),
        _ => false,
    };

    private static bool Same(string one, string other) => one.Trim().Length > 0 && string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
