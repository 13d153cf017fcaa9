using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <content>What people and the rolls of instance groups can say to the roll of a cluster.</content>
public sealed partial class RollCluster
{
    /// <summary>Begins no further node until resumed.</summary>
    [WorkflowSignal("pause")]
    public async Task PauseAsync() => _paused = true;

    /// <summary>Goes on; groups that hold try everything again.</summary>
    [WorkflowSignal("resume")]
    public async Task ResumeAsync()
    {
        _paused = false;
        foreach (GroupRun run in _groups.Where(r => r.IsHeld).ToArray())
            await run.PassAsync("retry", new() { Operator = "resume" });
    }

    /// <summary>Ends at the next node's boundary.</summary>
    [WorkflowSignal("stop")]
    public async Task StopAsync() => _stopped = true;

    /// <summary>Passed on to the groups that hold: tries parked and failed nodes again.</summary>
    [WorkflowSignal("retry")]
    public Task RetryAsync(RollCall call) => PassAsync("retry", call);

    /// <summary>Passed on to the groups that hold: leaves parked and failed nodes as they are.</summary>
    [WorkflowSignal("skip")]
    public Task SkipAsync(RollCall call) => PassAsync("skip", call);

    /// <summary>Passed on to the groups that hold: drains nodes by force once two people have asked for it.</summary>
    [WorkflowSignal("force")]
    public Task ForceAsync(RollCall call) => PassAsync("force", call);

    /// <summary>Takes what a group says of itself.</summary>
    [WorkflowSignal("noteGroup")]
    public async Task NoteGroupAsync(GroupNote note)
    {
        _groups.FirstOrDefault(r => r.Plan.Name == note.InstanceGroup)?.Take(note);
        _changes++;
        Show();
    }

    /// <summary>How far it is.</summary>
    [WorkflowQuery("status")]
    public RollStatus GetStatus() => ClusterText.StatusOf(Workflow.Info.WorkflowId, _groups, _paused);

    /// <summary>What it replaces, why, in which order, and how long that takes. Empty until the instances are read.</summary>
    [WorkflowQuery("plan")]
    public RollPlanView GetPlan() => _plan;

    private async Task PassAsync(string signal, RollCall call)
    {
        foreach (GroupRun run in _groups.Where(r => r.IsHeld).ToArray())
            await run.PassAsync(signal, call);
    }
}
