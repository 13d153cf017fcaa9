using System.Text.Json;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Serialization;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>What the steps of one rotation share: request, what is done already, and the safe points between two actions.</summary>
/// <param name="request">The request.</param>
/// <param name="kind">Workflow type.</param>
/// <param name="steps">Names of the steps, in order.</param>
internal class ProcedureRun(ProcedureRequest request, string kind, IReadOnlyList<string> steps)
{
    private readonly HashSet<string> _done = [];
    private Controls? _controls;
    private Notifier? _notifier;
    private bool _cancelSeen;

    public virtual ProcedureRequest Request { get; } = request;

    public StatusBoard Board { get; } = new(request.Cluster, kind, steps);

    public Controls Controls => _controls ??= new(Board);

    public Notifier Notifier => _notifier ??= new(this);

    public ClusterRef Cluster { get; } = new() { Name = request.Cluster, StateStore = request.StateStore, Rotation = $"{Workflow.Info.WorkflowId}/{Workflow.Info.FirstExecutionRunId}" };

    /// <summary>Whether the maintenance window is open.</summary>
    public WindowGuard Window { get; } = new(request.Window);

    public ActivityProfiles Profiles { get; private set; } = ActivityProfiles.Default;

    /// <summary>The request as JSON, for the report.</summary>
    public string RequestJson => JsonSerializer.Serialize(Request, Request.GetType(), RotationDataConverter.Json);

    /// <summary>What approvals are bound to; empty before the plan is made.</summary>
    public string PlanHash { get; private set; } = "";

    /// <summary>Why steps are skipped, by name.</summary>
    public Func<string, string?> SkipOf { get; private set; } = _ => null;

    /// <summary>Why steps were done before this rotation began, by name.</summary>
    public virtual string? DoneBefore(string step) => null;

    /// <summary>True when a part of the step was done before this rotation began: nodes that need no update any more are no surprise then.</summary>
    public virtual bool WasBegunBefore(string step) => false;

    /// <summary>Id of the new keypair of the cluster's CA; null when there is none.</summary>
    public virtual string? NewCa => null;

    /// <summary>Name under which copies of a step's delivery are kept: what one round exported is not what another delivers, because an admin certificate may have run out since.</summary>
    public virtual string DeliveryOf(string step) => step;

    /// <summary>What sinks hold now.</summary>
    public virtual void Delivered(IReadOnlyList<Delivery> deliveries)
    {
    }

    /// <summary>Takes over what was read and planned.</summary>
    public void Begin(ClusterFacts facts, string planHash, Func<string, string?> skipOf)
    {
        Profiles = ActivityProfiles.For(facts);
        SkipOf = skipOf;
        Replan(planHash);
    }

    /// <summary>Takes over another plan: what was approved for the one before counts no more.</summary>
    public void Replan(string planHash)
    {
        PlanHash = planHash;
        Board.SetPlan(planHash);
        Recorded();
    }

    /// <summary>Shows what an action has changed.</summary>
    public virtual void Recorded()
    {
    }

    /// <summary>Does an action unless an earlier attempt of the step did it; a safe point before it.</summary>
    public async Task OnceAsync(string step, string action, Func<Task> act)
    {
        string key = $"{step}/{action}";
        if (_done.Contains(key))
            return;
        await CheckpointAsync();
        await PassWindowAsync();
        await act();
        _done.Add(key);
        Recorded();
    }

    /// <summary>True when an action of a step was done.</summary>
    public bool IsDone(string step, string action) => _done.Contains($"{step}/{action}");

    /// <summary>Notes that an action began, so that its way back knows.</summary>
    public void Note(string step, string action) => _done.Add($"{step}/{action}");

    /// <summary>Forgets what was done in a step, both ways, so that it can be done again.</summary>
    public void Forget(string step) => _done.RemoveWhere(k => k.StartsWith(step + "/", StringComparison.Ordinal) || k.StartsWith(BackOf(step) + "/", StringComparison.Ordinal));

    /// <summary>Name under which the actions of a step's way back are remembered.</summary>
    public static string BackOf(string step) => $"back-{step}";

    /// <summary>A safe point: waits while the rotation stands, and leaves for the way back when it was asked for.</summary>
    public async Task CheckpointAsync()
    {
        NoticeCancel();
        await Workflow.WaitConditionAsync(() => !Controls.Standing || WantsBack, CancellationToken.None);
        if (WantsBack)
            throw new GoBackException();
    }

    /// <summary>Waits while the maintenance window is closed. Whoever goes back repairs, and does not wait.</summary>
    public async Task PassWindowAsync()
    {
        while (!Controls.GoingBack)
        {
            await Window.PassAsync(() => MustStop, Board.Say);
            if (!MustStop)
                return;
            await CheckpointAsync();
        }
    }

    /// <summary>Stands until a person resumes it; leaves for the way back when that is asked for instead.</summary>
    public async Task HoldAsync(string reason)
    {
        Controls.Stand(RotationEvent.Hold);
        Board.Say(reason);
        Notifier.Tell(NotificationKind.Held, Board.Status.Step, reason);
        await CheckpointAsync();
    }

    /// <summary>True when whoever waits must wake up and go through a safe point.</summary>
    public bool MustStop => Controls.Standing || WantsBack || CancelPending;

    /// <summary>True when a cancel request was not looked at yet.</summary>
    public bool CancelPending => Workflow.CancellationToken.IsCancellationRequested && !_cancelSeen;

    /// <summary>True when the way back was asked for and has not begun.</summary>
    public bool WantsBack => !Controls.GoingBack && Controls.RollbackCall is not null;

    /// <summary>Sleeps, waking up when it must stop.</summary>
    public Task PauseForAsync(TimeSpan length, string why) =>
        Workflow.WaitConditionWithOptionsAsync(new(() => MustStop, length, why, CancellationToken.None));

    /// <summary>Looks at a cancel request, once. A cancelled rotation never just ends: what was changed would stay half done.</summary>
    public void NoticeCancel()
    {
        if (!CancelPending)
            return;
        _cancelSeen = true;
        if (!Controls.Changed)
            throw RotationErrors.Permanent(RotationErrors.Cancelled, "The rotation was cancelled before it changed anything.");
        var call = new OperatorCall { Operator = "cancel request", Force = true };
        if (Controls.GoingBack)
            Board.Say("Cancel request noted: the way back goes on, so that nothing is left half done.");
        else if (Request.OnFailure == FailureReaction.Rollback)
            Controls.Rollback(call);
        else if (!Controls.Standing)
            Controls.Pause(call);
    }
}
