using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Checks approvals against what the worker is configured to trust: workflows hold no keys.</summary>
public interface IApprovalActivities
{
    /// <summary>
    /// Checks one approval at a gate. Reads only; the same input gives the same verdict until the token expires. A bad token is a verdict in words, not a failure; fails with
    /// <c>ApprovalKeysUnavailable</c>, retried, when a file of keys cannot be read. Call it for every approval, signed or not: only the worker knows whether it wants a signature.
    /// </summary>
    [Activity]
    Task<ApprovalVerdict> VerifyApprovalAsync(VerifyApprovalInput input);
}

/// <summary>An approval and the gate as it stands.</summary>
public sealed record VerifyApprovalInput
{
    /// <summary>Workflow id of the rotation.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>Gate that waits, such as <c>3-promote</c>.</summary>
    public string Gate { get; init; } = "";

    /// <summary>Hash of the plan as it stands.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>When the gate was reached: a token made before it approves nothing.</summary>
    public DateTimeOffset GateReachedAt { get; init; }

    /// <summary>Who approves, as the call says.</summary>
    public string Approver { get; init; } = "";

    /// <summary>The token, or empty.</summary>
    public string Token { get; init; } = "";

    /// <summary><see cref="ApprovalVerdict.TokenId"/> of every approval this rotation has counted, at any gate: none counts twice.</summary>
    public IReadOnlyList<string> UsedTokenIds { get; init; } = [];
}

/// <summary>Whether an approval counts.</summary>
public sealed record ApprovalVerdict
{
    /// <summary>True when it counts.</summary>
    public bool Accepted { get; init; }

    /// <summary>Why it does not count, starting with the field's name; empty when it does.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>Who approved: proved by the token where there is one, else as the call says.</summary>
    public string Approver { get; init; } = "";

    /// <summary>How that is known: <c>unsigned</c>, <c>ed25519</c> or <c>oidc</c>. For the report.</summary>
    public string Method { get; init; } = "";

    /// <summary>Id of the key that signed; empty for <c>unsigned</c>. For the report.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>To be remembered once the approval is counted; empty for <c>unsigned</c>.</summary>
    public string TokenId { get; init; } = "";
}
