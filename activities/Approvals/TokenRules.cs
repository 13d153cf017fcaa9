using System.Text.Json;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Approvals;

/// <summary>What every token must say once its signature holds: it is for this gate of this rotation and this plan, and it is of now.</summary>
internal sealed class TokenRules(ApprovalOptions options, TimeProvider time)
{
    /// <summary>Checks times and what the token is bound to.</summary>
    /// <exception cref="ApprovalRefusedException">It does not count here and now.</exception>
    public void Check(SignedToken token, VerifyApprovalInput input)
    {
        CheckTimes(token.Claims, input.GateReachedAt);
        CheckBinding(token.Claims, input);
        if (input.UsedTokenIds.Contains(token.Id, StringComparer.Ordinal))
            throw new ApprovalRefusedException("was used already; sign a new one");
    }

    private void CheckTimes(JsonElement claims, DateTimeOffset gateReachedAt)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset made = TimeOf(claims, "iat") ?? throw new ApprovalRefusedException("does not say when it was made (iat)");
        DateTimeOffset expires = TimeOf(claims, "exp") ?? throw new ApprovalRefusedException("does not say when it expires (exp)");
        if (now >= expires + options.ClockSkew)
            throw new ApprovalRefusedException($"expired at {Words(expires)}; sign a new one");
        if (made > now + options.ClockSkew || TimeOf(claims, "nbf") > now + options.ClockSkew)
            throw new ApprovalRefusedException($"is of the future ({Words(made)}); the clocks of signer and worker differ");
        if (expires - made > options.MaxLifetime)
            throw new ApprovalRefusedException($"is valid for {expires - made}, and at most {options.MaxLifetime} is allowed");
        // Tokens count whole seconds.
        if (made.ToUnixTimeSeconds() < (gateReachedAt - options.ClockSkew).ToUnixTimeSeconds())
            throw new ApprovalRefusedException($"was made at {Words(made)}, before the gate was reached at {Words(gateReachedAt)}; sign a new one");
    }

    private static void CheckBinding(JsonElement claims, VerifyApprovalInput input)
    {
        if (SignedToken.TextOf(claims, "nonce") is { } nonce && !claims.TryGetProperty(ApprovalBinding.WorkflowClaim, out _))
        {
            if (nonce != ApprovalBinding.Nonce(input.WorkflowId, input.Gate, input.PlanHash))
                throw new ApprovalRefusedException("is for another rotation, gate or plan: its nonce does not fit");
            return;
        }

        Bound(claims, ApprovalBinding.WorkflowClaim, input.WorkflowId, "the rotation");
        Bound(claims, ApprovalBinding.GateClaim, input.Gate, "the gate");
        Bound(claims, ApprovalBinding.PlanHashClaim, input.PlanHash, "the plan");
    }

    private static void Bound(JsonElement claims, string claim, string wanted, string what)
    {
        string given = SignedToken.TextOf(claims, claim) ?? throw new ApprovalRefusedException($"does not say which one of {claim} it approves");
        if (wanted.Length == 0 || given != wanted)
            throw new ApprovalRefusedException($"is for {what} '{given}', and this is '{wanted}'");
    }

    private static DateTimeOffset? TimeOf(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out JsonElement value))
            return null;
        // 253402300799 is the last second of the year 9999, and of DateTimeOffset.
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= 0 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : throw new ApprovalRefusedException($"has a '{name}' that is no time");
    }

    private static string Words(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
