using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>One running child of a roll, and what it was told last.</summary>
internal sealed class GroupRun(GroupPlan plan)
{
    private bool _paused;
    private bool _stopped;

    public GroupPlan Plan { get; } = plan;

    public ChildWorkflowHandle<RollInstanceGroup, RollResult>? Handle { get; set; }

    /// <summary>Nodes that it may have away by the cluster's budget; what the child was told.</summary>
    public int Share { get; set; }

    public bool Ended { get; set; }

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

    public Task ShareAsync(int share)
    {
        if (share == Share || Handle is null || Ended)
            return Task.CompletedTask;
        Share = share;
        return SignalAsync("setBudget", [share]);
    }

    // A group that has just ended cannot be told anything any more, and need not be.
    private async Task SignalAsync(string signal, object[] input)
    {
        try
        {
            await Handle!.SignalAsync(signal, input, new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException e)
        {
            RollLog.SignalLost(Workflow.Logger, signal, Plan.Name, e.Message);
        }
    }
}
