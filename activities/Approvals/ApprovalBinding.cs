using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rotation.Activities.Approvals;

/// <summary>How a token names what it approves: in claims of its own, or as the OIDC <c>nonce</c>, which an identity provider puts into its token unchanged.</summary>
public static class ApprovalBinding
{
    /// <summary>Claim with the workflow id.</summary>
    public const string WorkflowClaim = "workflowId";

    /// <summary>Claim with the gate.</summary>
    public const string GateClaim = "gate";

    /// <summary>Claim with the plan hash.</summary>
    public const string PlanHashClaim = "planHash";

    /// <summary>The nonce to ask the identity provider for: base64url of SHA-256 over the three, each with its length, so that no two triples give one text.</summary>
    /// <param name="workflowId">Workflow id of the rotation.</param>
    /// <param name="gate">Gate, such as <c>3-promote</c>.</param>
    /// <param name="planHash">Plan hash that was read.</param>
    public static string Nonce(string workflowId, string gate, string planHash)
    {
        ReadOnlySpan<string> parts = [workflowId, gate, planHash];
        var text = new StringBuilder("rotation-approval/1");
        foreach (string part in parts)
            text.Append('\n').Append(Encoding.UTF8.GetByteCount(part)).Append(' ').Append(part);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
