using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>
/// Tells the roll of the cluster how much of its budget an instance group can use. Only what changes the budget is told: that the group can use less, that it holds, that it
/// goes on. A group uses less before it says so, and more only when it was allowed to.
/// </summary>
/// <param name="message">Number of the last message.</param>
internal sealed class GroupMessenger(int message)
{
    private string? _told;
    private bool _claims;

    /// <summary>Number of the last message.</summary>
    public int Message { get; private set; } = message;

    /// <summary>True while the group waits for places that it gave back when it began to hold.</summary>
    public bool AwaitsBudget { get; private set; }

    /// <summary>The group goes on after a hold.</summary>
    public void Claim() => _claims = true;

    /// <summary>Takes what the roll of the cluster allows.</summary>
    public void Take(GroupGrant grant, GroupState state)
    {
        if (grant.Problems.Count > 0 || grant.Seen < Message)
            return;
        state.Scheduler.Grant = Math.Max(0, grant.Budget);
        AwaitsBudget = false;
    }

    public async Task TellAsync(GroupState state, string? held)
    {
        bool shared = state.Request.Budget > 0;
        int need = held is null ? state.Scheduler.Need : state.Scheduler.Begun;
        bool less = shared && need < state.Scheduler.Grant && (need > 0 || held is not null);
        if (Workflow.Info.Parent is not { } parent || (!less && !_claims && held == _told))
            return;
        AwaitsBudget = shared && _claims && need > state.Scheduler.Grant;
        (_told, _claims) = (held, false);
        if (shared)
            state.Scheduler.Grant = Math.Min(state.Scheduler.Grant, need);
        var note = new GroupNote { InstanceGroup = state.Request.InstanceGroup, Message = ++Message, Need = need, Done = state.Done, Held = held };
        try
        {
            await Workflow.GetExternalWorkflowHandle(parent.WorkflowId).SignalAsync("noteGroup", [note], new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException e)
        {
            // A roll of the cluster that has ended gives nothing out any more.
            RollLog.SignalLost(Workflow.Logger, "noteGroup", parent.WorkflowId, e.Message);
        }
    }
}
