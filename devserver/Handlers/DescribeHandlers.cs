using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What runs and queues look like from outside.</summary>
internal sealed class DescribeHandlers(ServerEngine engine)
{
    /// <summary>Tasks a second that a queue gives out when nobody says less.</summary>
    private const double DispatchRate = 100_000;

    public void AddTo(ServiceTable table) => table
        .Add<DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse>(
            "DescribeWorkflowExecution", (r, _) => engine.LookAsync(runs => Describe(RunLookup.Any(runs, r.Namespace, r.Execution))))
        .Add<DescribeTaskQueueRequest, DescribeTaskQueueResponse>("DescribeTaskQueue", (r, _) => Task.FromResult(engine.Look(() => Describe(r))));

    private static DescribeWorkflowExecutionResponse Describe(Run run)
    {
        var s = run.State;
        var start = run.Event(1);
        var started = start.WorkflowExecutionStartedEventAttributes;
        var response = new DescribeWorkflowExecutionResponse
        {
            ExecutionConfig = new()
            {
                TaskQueue = new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal },
                WorkflowExecutionTimeout = started.WorkflowExecutionTimeout,
                WorkflowRunTimeout = started.WorkflowRunTimeout,
                DefaultWorkflowTaskTimeout = started.WorkflowTaskTimeout,
                UserMetadata = start.UserMetadata,
            },
            WorkflowExecutionInfo = Info(run),
            WorkflowExtendedInfo = new()
            {
                RunExpirationTime = Instant(s.RunDeadline),
                ExecutionExpirationTime = Instant(s.ExecutionDeadline),
                OriginalStartTime = Timestamp.FromDateTime(s.Started),
                CancelRequested = s.CancelRequested,
                RequestIdInfos = { [s.StartRequestId] = new() { EventType = EventType.WorkflowExecutionStarted, EventId = start.EventId } },
            },
        };
        response.PendingActivities.AddRange(s.Activities.Values.Select(a => Pending(run, a)));
        response.PendingChildren.AddRange(s.Children.Values.Select(Pending));
        if (s.Task is { } task)
            response.PendingWorkflowTask = Pending(task);
        return response;
    }

    private static WorkflowExecutionInfo Info(Run run)
    {
        var s = run.State;
        var info = new WorkflowExecutionInfo
        {
            Execution = run.Execution,
            Type = new() { Name = s.WorkflowType },
            TaskQueue = s.TaskQueue,
            StartTime = Timestamp.FromDateTime(s.Started),
            ExecutionTime = Timestamp.FromDateTime(s.FirstTaskDue),
            CloseTime = Instant(s.Closed),
            Status = s.Status,
            HistoryLength = s.NextEventId - 1,
            HistorySizeBytes = s.HistoryBytes,
            StateTransitionCount = s.Transitions,
            Memo = NextRuns.MemoOf(s) ?? new Memo(),
            SearchAttributes = NextRuns.AttributesOf(s) ?? new SearchAttributes(),
            RootExecution = new() { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId },
            FirstRunId = s.FirstRunId,
            Priority = run.Event(1).WorkflowExecutionStartedEventAttributes.Priority,
        };
        if (s.Closed is { } closed)
            info.ExecutionDuration = Duration.FromTimeSpan(closed - s.FirstTaskDue);
        if (s.Parent is { } parent)
        {
            info.ParentExecution = new() { WorkflowId = parent.WorkflowId, RunId = parent.RunId };
            info.ParentNamespaceId = Operator.NamespaceSet.IdOf(parent.Namespace);
        }
        return info;
    }

    private static PendingActivityInfo Pending(Run run, ActivityState a)
    {
        var scheduled = ActivityTasks.Scheduled(run, a);
        var info = new PendingActivityInfo
        {
            ActivityId = a.ActivityId,
            ActivityType = scheduled.ActivityType,
            State = a.CancelRequestedId > 0 ? PendingActivityState.CancelRequested
                : a.Phase == ActivityPhase.Started ? PendingActivityState.Started : PendingActivityState.Scheduled,
            Attempt = a.Attempt,
            MaximumAttempts = scheduled.RetryPolicy?.MaximumAttempts ?? 0,
            ScheduledTime = Timestamp.FromDateTime(a.NextAttempt ?? a.Scheduled),
            LastAttemptCompleteTime = Instant(a.LastCompleted),
            LastHeartbeatTime = Instant(a.LastHeartbeat),
            LastWorkerIdentity = a.Identity,
            ExpirationTime = Instant(ActivityTasks.Deadline(scheduled, a)),
            HeartbeatDetails = a.HeartbeatDetails is null ? null : Payloads.Parser.ParseFrom(a.HeartbeatDetails),
            LastFailure = a.LastFailure is null ? null : Failure.Parser.ParseFrom(a.LastFailure),
            Priority = scheduled.Priority,
            ActivityOptions = Options(scheduled),
        };
        if (a.Phase == ActivityPhase.Started)
            info.LastStartedTime = Timestamp.FromDateTime(a.Started);
        else
            info.CurrentRetryInterval = Duration.FromTimeSpan(a.Phase == ActivityPhase.BackingOff ? a.LastInterval!.Value : Retries.Interval(scheduled.RetryPolicy!, a.Attempt));
        if (a.Phase == ActivityPhase.BackingOff)
            info.NextAttemptScheduleTime = Instant(a.NextAttempt);
        return info;
    }

    private static ActivityOptions Options(ActivityTaskScheduledEventAttributes scheduled)
    {
        var policy = scheduled.RetryPolicy.Clone();
        policy.NonRetryableErrorTypes.Clear();
        return new()
        {
            TaskQueue = new() { Name = scheduled.TaskQueue.Name, NormalName = scheduled.TaskQueue.Name },
            ScheduleToCloseTimeout = scheduled.ScheduleToCloseTimeout,
            ScheduleToStartTimeout = scheduled.ScheduleToStartTimeout,
            StartToCloseTimeout = scheduled.StartToCloseTimeout,
            HeartbeatTimeout = scheduled.HeartbeatTimeout,
            RetryPolicy = policy,
        };
    }

    private static PendingChildExecutionInfo Pending(ChildState child) => new()
    {
        WorkflowId = child.WorkflowId,
        RunId = child.RunId,
        WorkflowTypeName = child.WorkflowType,
        InitiatedId = child.InitiatedId,
        ParentClosePolicy = child.Policy,
    };

    private static PendingWorkflowTaskInfo Pending(WorkflowTaskState task) => new()
    {
        State = task.StartedId > 0 ? PendingWorkflowTaskState.Started : PendingWorkflowTaskState.Scheduled,
        ScheduledTime = Timestamp.FromDateTime(task.Scheduled),
        OriginalScheduledTime = Timestamp.FromDateTime(task.FirstScheduled),
        StartedTime = task.StartedId > 0 ? Timestamp.FromDateTime(task.Started) : null,
        Attempt = task.Attempt,
    };

    private DescribeTaskQueueResponse Describe(DescribeTaskQueueRequest r)
    {
        Limits.Queue(r.TaskQueue);
        var key = new QueueKey(r.Namespace, r.TaskQueue.Name, r.TaskQueueType == TaskQueueType.Unspecified ? TaskQueueType.Workflow : r.TaskQueueType);
#pragma warning disable CS0612 // The old forms that the command line still asks for.
        if (r.ApiMode == DescribeTaskQueueMode.Enhanced)
            return Enhanced(r);
        return new()
        {
            Pollers = { Pollers(key) },
            Stats = r.ReportStats ? Stats(key) : null,
            TaskQueueStatus = r.IncludeTaskQueueStatus ? new() { BacklogCountHint = engine.Queues.Backlog(key), RatePerSecond = DispatchRate } : null,
        };
#pragma warning restore CS0612
    }

    /// <summary>Both kinds of tasks at once, for the one version of workers there is: none in particular.</summary>
    private DescribeTaskQueueResponse Enhanced(DescribeTaskQueueRequest r)
    {
        if (r.TaskQueue.Kind == TaskQueueKind.Sticky)
            throw Failures.InvalidArgument("Enhanced DescribeTaskQueue is not valid for a sticky queue, use api_mode=UNSPECIFIED or a normal queue.");
#pragma warning disable CS0612 // See above.
        var version = new TaskQueueVersionInfo();
        foreach (var type in r.TaskQueueTypes.Count > 0 ? r.TaskQueueTypes.Distinct() : [TaskQueueType.Workflow, TaskQueueType.Activity])
        {
            var key = new QueueKey(r.Namespace, r.TaskQueue.Name, type);
            version.TypesInfo[(int)type] = new() { Pollers = { r.ReportPollers ? Pollers(key) : [] }, Stats = r.ReportStats ? Stats(key) : null };
        }
        return new() { VersionsInfo = { [""] = version } };
#pragma warning restore CS0612
    }

    private IEnumerable<PollerInfo> Pollers(QueueKey key) => engine.Queues.Seen(key).Select(p => new PollerInfo
    {
        Identity = p.Identity,
        LastAccessTime = Timestamp.FromDateTimeOffset(p.At),
        RatePerSecond = DispatchRate,
    });

    private TaskQueueStats Stats(QueueKey key) => new() { ApproximateBacklogCount = engine.Queues.Backlog(key), ApproximateBacklogAge = new() };

    private static Timestamp? Instant(DateTime? instant) => instant is { } at ? Timestamp.FromDateTime(at) : null;
}
