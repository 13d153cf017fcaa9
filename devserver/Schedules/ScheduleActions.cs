using Google.Protobuf;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>What a schedule does in one transition: decides what is due, starts what may start, takes note of what has ended.</summary>
internal sealed class ScheduleActions(ScheduleBook book, StoredSchedule schedule, Transition t)
{
    private const int MaxBuffer = 1000;
    private const int KeptRecent = 10;

    private ScheduleState State => schedule.State;

    /// <summary>Its time has come: everything due until now is started, buffered, skipped or counted as missed.</summary>
    public void Due()
    {
        book.Touch(schedule);
        foreach (var time in schedule.Spec.Between(State.DoneUpTo, t.Now))
        {
            State.DoneUpTo = time.Actual;
            if (State.Updated > time.Actual)
                continue;
            if (!MayAct())
                continue;
            if (t.Now - time.Actual > schedule.CatchUp)
                State.Missed++;
            else
                Buffer(new BufferedStart(time.Nominal, time.Actual, ScheduleOverlapPolicy.Unspecified, Manual: false));
        }

        Work();
    }

    /// <summary>Somebody asks for one action now, or for those of a time that is over. Pause and limits do not hold for it.</summary>
    public void Ask(IEnumerable<ActionTime> times, ScheduleOverlapPolicy overlap)
    {
        book.Touch(schedule);
        foreach (var time in times)
            Buffer(new BufferedStart(time.Nominal, time.Actual, overlap, Manual: true));
        Work();
    }

    /// <summary>A workflow that it started has ended for good.</summary>
    public void Closed(Run run, HistoryEvent closing)
    {
        book.Touch(schedule);
        var first = run.State.FirstRunId;
        State.Recent = [.. State.Recent.Select(r => r.Run.RunId == first ? r with { Status = run.State.Status } : r)];
        if (State.Running.RemoveAll(r => r.RunId == first) == 0)
            return;
        if (closing.WorkflowExecutionCompletedEventAttributes?.Result is { } result)
            (State.LastResult, State.LastFailure) = (result.ToByteArray(), []);
        else if (closing.WorkflowExecutionFailedEventAttributes is { } failed)
            State.LastFailure = failed.Failure.ToByteArray();
        if (run.State.Status is WorkflowExecutionStatus.Failed or WorkflowExecutionStatus.TimedOut)
            PauseAfter(run.State.WorkflowId, closing);
        Work();
    }

    private void PauseAfter(string workflowId, HistoryEvent closing)
    {
        if (schedule.Schedule.Policies is not { PauseOnFailure: true } || schedule.Schedule.State.Paused)
            return;
        var cause = closing.WorkflowExecutionFailedEventAttributes is { } failed ? $"failure: {workflowId}: {failed.Failure?.Message}" : $"timeout: {workflowId}";
        schedule.Change(s => (s.State.Paused, s.State.Notes) = (true, $"paused due to workflow {cause}"));
    }

    private bool MayAct() => schedule.Schedule.State is { Paused: false } state && state is { LimitedActions: false } or { RemainingActions: > 0 };

    /// <summary>Counts an action that is taken now; what was skipped does not use the limit up.</summary>
    private bool MayActNow(BufferedStart start)
    {
        if (start.Manual)
            return true;
        if (!MayAct())
            return false;
        if (schedule.Schedule.State.LimitedActions)
            schedule.Change(s => s.State.RemainingActions--);
        return true;
    }

    private void Buffer(BufferedStart start)
    {
        if (State.Buffer.Count < MaxBuffer)
            State.Buffer.Add(start);
        else
            State.Dropped++;
    }

    private void Work()
    {
        if (schedule.Schedule.Action?.StartWorkflow is null)
            State.Buffer = [];
        OverlapDecision decision;
        do
        {
            decision = OverlapDecision.Of(State.Buffer, State.Running.Count > 0, schedule.Overlap);
            State.Buffer = decision.Waiting;
            State.Skipped += decision.Skipped;
            foreach (var start in decision.Overlapping)
                Start(start, overlapping: true);
            if (decision.Single is { } single)
                Start(single, overlapping: false);
        }
        while (State.Buffer.Count > 0 && State.Running.Count == 0);
        foreach (var run in State.Running.Select(r => t.Runs.Current(schedule.State.Namespace, r.WorkflowId)).Where(r => r is { State.IsOpen: true }))
        {
            if (decision.Terminate)
                Closing.Terminate(run!, t, "terminated by schedule overlap policy", null, Identity);
            else if (decision.Cancel)
                Closing.RequestCancel(run!, t, "cancelled by schedule overlap policy", Identity, null, 0);
        }
    }

    private void Start(BufferedStart start, bool overlapping)
    {
        if (!MayActNow(start))
            return;
        var last = State.LastResult.Length == 0 || overlapping ? null : Payloads.Parser.ParseFrom(State.LastResult);
        var failure = State.LastFailure.Length == 0 || overlapping ? null : Failure.Parser.ParseFrom(State.LastFailure);
        try
        {
            var run = ScheduledStart.Run(schedule, t, start, Identity, last, failure);
            State.Actions++;
            State.Recent = [.. State.Recent.Append(new RecentAction(start.Actual, t.Now, run, WorkflowExecutionStatus.Running)).TakeLast(KeptRecent)];
            if (!overlapping)
                State.Running.Add(run);
        }
        catch (RpcFailure)
        {
            // The id is taken, or what the action names is no longer there: as upstream, this action is lost and the next one is tried in its time.
        }
    }

    private string Identity => $"temporal-scheduler-{State.Namespace}-{State.Id}";
}
