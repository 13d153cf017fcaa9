using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Temporalio.Activities;

namespace Rotation.Activities.Approvals;

/// <summary>Checks approvals against configured keys.</summary>
internal sealed class ApprovalActivities(ApprovalOptions options, ApprovalVerifier verifier) : IApprovalActivities
{
    /// <inheritdoc/>
    [Activity]
    public Task<ApprovalVerdict> VerifyApprovalAsync(VerifyApprovalInput input) => Task.FromResult(Verify(input));

    private ApprovalVerdict Verify(VerifyApprovalInput input)
    {
        if (input.Token.Length == 0)
        {
            return options.Required
                ? Refused("is required: this worker counts signed approvals only; sign with 'rotation approve … --sign-key FILE'")
                : new() { Accepted = true, Approver = input.Approver, Method = "unsigned" };
        }

        try
        {
            return verifier.Verify(input);
        }
        catch (ApprovalRefusedException e)
        {
            return Refused(e.Message);
        }
        catch (KeyFileException e)
        {
            throw RotationErrors.Passing(RotationErrors.ApprovalKeysUnavailable, $"{ApprovalOptions.Section} {e.Message}");
        }
    }

    private static ApprovalVerdict Refused(string why) => new() { Refusal = $"token: {why}" };
}
