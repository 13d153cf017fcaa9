using Rotation.Workflows.Activities;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>Accepts every approval, unsigned.</summary>
internal sealed class FakeApprovals : IApprovalActivities
{
    [Activity]
    public Task<ApprovalVerdict> VerifyApprovalAsync(VerifyApprovalInput input) => Task.FromResult(new ApprovalVerdict { Accepted = true, Approver = input.Approver, Method = "unsigned" });
}
