using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>
/// Everything the server must know of a run besides its events: plain data, written whole with every transition, so that a start after a crash
/// continues where the last acknowledged transition ended. Instants are UTC; byte arrays are serialized API messages.
/// </summary>
internal sealed class RunState
{
    public string Namespace { get; set; } = "";
    public string WorkflowId { get; set; } = "";
    public string RunId { get; set; } = "";
    public string FirstRunId { get; set; } = "";
    public string StartRequestId { get; set; } = "";
    public string WorkflowType { get; set; } = "";
    public string TaskQueue { get; set; } = "";
    public WorkflowExecutionStatus Status { get; set; } = WorkflowExecutionStatus.Running;
    public DateTime Started { get; set; }

    /// <summary>When the first workflow task may run: the start plus a delay or backoff.</summary>
    public DateTime FirstTaskDue { get; set; }

    /// <summary>True while the first task waits for <see cref="FirstTaskDue"/>.</summary>
    public bool Delayed { get; set; }

    public DateTime? Closed { get; set; }
    public DateTime? RunDeadline { get; set; }
    public DateTime? ExecutionDeadline { get; set; }
    public TimeSpan TaskTimeout { get; set; }

    /// <summary>Attempt of the workflow's own retry policy, from 1.</summary>
    public int Attempt { get; set; } = 1;

    public long NextEventId { get; set; } = 1;

    /// <summary>Started event of the last completed workflow task; 0 before the first.</summary>
    public long LastStartedId { get; set; }

    public long HistoryBytes { get; set; }
    public long Transitions { get; set; }
    public WorkflowTaskState? Task { get; set; }

    /// <summary>Attempt of the next workflow task, from 1; more than 1 after a failure on the normal queue.</summary>
    public int TaskAttempt { get; set; } = 1;

    public string? StickyQueue { get; set; }
    public TimeSpan StickyTimeout { get; set; }
    public bool CancelRequested { get; set; }

    /// <summary>The worker wanted to end the run but had not seen everything: what else comes must wait, or it would never end.</summary>
    public bool CloseAttempted { get; set; }

    /// <summary>Events that came while a workflow task ran; they get their ids when it ends.</summary>
    public List<byte[]> Buffered { get; set; } = [];

    public Dictionary<long, ActivityState> Activities { get; set; } = [];
    public Dictionary<string, TimerState> Timers { get; set; } = [];
    public Dictionary<long, ChildState> Children { get; set; } = [];

    /// <summary>Accepted updates; the completed ones have a completed event.</summary>
    public Dictionary<string, UpdateState> Updates { get; set; } = [];

    public byte[] Memo { get; set; } = [];
    public byte[] SearchAttributes { get; set; } = [];
    public ParentLink? Parent { get; set; }

    /// <summary>The schedule that started its chain; empty when none did.</summary>
    public string ScheduleId { get; set; } = "";

    public string RootWorkflowId { get; set; } = "";
    public string RootRunId { get; set; } = "";

    /// <summary>The run that went on in place of this one, for followers of a chain.</summary>
    public string? NextRunId { get; set; }

    /// <summary>Numbers activity attempts and timers so that late answers to earlier ones are recognised.</summary>
    public long Stamp { get; set; }

    public bool IsOpen => Status == WorkflowExecutionStatus.Running;
}

/// <summary>The one workflow task a run may have.</summary>
internal sealed class WorkflowTaskState
{
    /// <summary>Its scheduled event, written or (transient, speculative) only foreseen.</summary>
    public long ScheduledId { get; set; }

    /// <summary>0 while nobody works on it.</summary>
    public long StartedId { get; set; }

    /// <summary>No events are written unless it is completed.</summary>
    public bool Unwritten { get; set; }

    /// <summary>Made for an update only; vanishes when all it brings is rejected.</summary>
    public bool Speculative { get; set; }

    public int Attempt { get; set; } = 1;
    public long Stamp { get; set; }
    public DateTime Scheduled { get; set; }
    public DateTime Started { get; set; }
    /// <summary>When the first of tasks that only keep each other alive was scheduled.</summary>
    public DateTime FirstScheduled { get; set; }

    public string Queue { get; set; } = "";
    public bool Sticky { get; set; }
    public TimeSpan StartToClose { get; set; }
    public string Identity { get; set; } = "";
    public string RequestId { get; set; } = "";
    public long HistoryBytes { get; set; }
    public bool SuggestContinueAsNew { get; set; }
}

internal enum ActivityPhase
{
    Waiting,
    Started,
    BackingOff,
}

/// <summary>An activity that is not closed. Its input stays in its scheduled event.</summary>
internal sealed class ActivityState
{
    public long ScheduledId { get; set; }
    public string ActivityId { get; set; } = "";
    public ActivityPhase Phase { get; set; }
    public int Attempt { get; set; } = 1;
    public long Stamp { get; set; }
    public DateTime FirstScheduled { get; set; }
    public DateTime Scheduled { get; set; }
    public DateTime Started { get; set; }
    public DateTime? LastHeartbeat { get; set; }
    public DateTime? LastCompleted { get; set; }
    public DateTime? NextAttempt { get; set; }
    public TimeSpan? LastInterval { get; set; }
    public byte[]? HeartbeatDetails { get; set; }
    public byte[]? LastFailure { get; set; }
    public string Identity { get; set; } = "";
    public string RequestId { get; set; } = "";

    /// <summary>Event that asked to cancel; 0: nobody did.</summary>
    public long CancelRequestedId { get; set; }
}

internal sealed class TimerState
{
    public long StartedId { get; set; }
    public DateTime Due { get; set; }
}

/// <summary>A child that is not closed, or not yet started.</summary>
internal sealed class ChildState
{
    public long InitiatedId { get; set; }

    /// <summary>0 until it has started.</summary>
    public long StartedId { get; set; }

    public string Namespace { get; set; } = "";
    public string WorkflowId { get; set; } = "";
    public string RunId { get; set; } = "";
    public string WorkflowType { get; set; } = "";
    public ParentClosePolicy Policy { get; set; }
}

internal sealed class UpdateState
{
    public long AcceptedId { get; set; }
    public long CompletedId { get; set; }
}

/// <summary>The run a child reports to.</summary>
internal sealed class ParentLink
{
    public string Namespace { get; set; } = "";
    public string WorkflowId { get; set; } = "";
    public string RunId { get; set; } = "";
    public long InitiatedId { get; set; }
}
