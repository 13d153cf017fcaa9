using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>One child of a roll, what it was told last and what it told last.</summary>
internal sealed class GroupRun(GroupPlan plan)
{
    private bool _paused;
    private bool _stopped;

    public GroupPlan Plan { get; } = plan;

    public ChildWorkflowHandle<RollInstanceGroup, RollResult>? Handle { get; set; }

    /// <summary>Nodes that it may have begun by the cluster's budget; what the child was told.</summary>
    public int Share { get; set; }

    /// <summary>Its last message; null before the first.</summary>
    public GroupNote? Note { get; private set; }

    public bool Ended { get; set; }

    public bool IsHeld => !Ended && Note?.Held is not null;

    /// <summary>Replaced so far, as far as it is known.</summary>
    public int Done { get; set; }

    /// <summary>Takes a message; an old one is no news.</summary>
    public void Take(GroupNote note)
    {
        if (note.Message <= (Note?.Message ?? 0))
            return;
        (Note, Done) = (note, note.Done);
    }

    /// <summary>True when it must be told something.</summary>
    public bool IsBehind(bool paused, bool stopped) => Handle is not null && !Ended && (_paused != paused || _stopped != stopped);

    public async Task TellAsync(bool paused, bool stopped)
    {
        bool pause = _paused != paused, stop = _stopped != stopped;
        (_paused, _stopped) = (paused, stopped);
        if (pause)
            await SignalAsync(paused ? "pause" : "resume", []);
        if (stop)
            await SignalAsync("stop", []);
    }

    /// <summary>Tells it that it may use more.</summary>
    public Task ShareAsync(int share)
    {
        Share = share;
        return SignalAsync("setBudget", [new GroupGrant { Budget = share, Seen = Note?.Message ?? 0 }]);
    }

    /// <summary>Passes a person's call on, with those of the instances that are the group's.</summary>
    public Task PassAsync(string signal, RollCall call)
    {
        string[] mine = [.. call.Instances.Where(i => Plan.Instances.Any(p => p.Id == i))];
        return call.Instances.Count > 0 && mine.Length == 0 ? Task.CompletedTask : SignalAsync(signal, [call with { Instances = mine }]);
    }

    public GroupStatus ToStatus(string parent) => new(
        Plan.Name,
        IdOf(parent, Plan),
        Ended ? "ended" : Handle is null ? "waiting" : IsHeld ? "held" : "rolling",
        Plan.Instances.Count,
        Done,
        Share);

    /// <summary>Workflow id of a group's child.</summary>
    public static string IdOf(string parent, GroupPlan plan) => $"{parent}-{plan.Name}";

    // A group that has just ended cannot be told anything any more, and need not be.
    private async Task SignalAsync(string signal, object[] input)
    {
        if (Handle is null || Ended)
            return;
        try
        {
            await Handle.SignalAsync(signal, input, new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException e)
        {
            RollLog.SignalLost(Workflow.Logger, signal, Plan.Name, e.Message);
        }
    }
}
