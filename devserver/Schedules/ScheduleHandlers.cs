using System.Text;
using Google.Protobuf;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Handlers;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>What people do to schedules.</summary>
internal sealed class ScheduleHandlers(ServerEngine engine)
{
    /// <summary>Bytes of a note, and times in one answer.</summary>
    private const int MaxNotes = 1000, MaxTimes = 1000;

    public void AddTo(ServiceTable table) => table
        .Add<CreateScheduleRequest, CreateScheduleResponse>("CreateSchedule", (r, _) => engine.ActAsync(t => Create(t, r)))
        .Add<DescribeScheduleRequest, DescribeScheduleResponse>("DescribeSchedule", (r, _) => engine.LookAsync(_ => ScheduleViews.Describe(Find(r.Namespace, r.ScheduleId))))
        .Add<UpdateScheduleRequest, UpdateScheduleResponse>("UpdateSchedule", (r, _) => engine.ActAsync(t => Update(t, r)))
        .Add<PatchScheduleRequest, PatchScheduleResponse>("PatchSchedule", (r, _) => engine.ActAsync(t => Patch(t, r)))
        .Add<DeleteScheduleRequest, DeleteScheduleResponse>("DeleteSchedule", (r, _) => engine.ActAsync(_ => Delete(r)))
        .Add<ListScheduleMatchingTimesRequest, ListScheduleMatchingTimesResponse>("ListScheduleMatchingTimes", (r, _) => engine.LookAsync(_ => Times(r)));

    private CreateScheduleResponse Create(Transition t, CreateScheduleRequest r)
    {
        if (r.ScheduleId.Length == 0)
            throw Failures.InvalidArgument("ScheduleId is not set on request.");
        // Upstream a schedule is a workflow whose id has this before it.
        Limits.Length($"temporal-sys-scheduler:{r.ScheduleId}", "WorkflowId");
        Limits.Id(r.RequestId, "RequestId");
        var wanted = r.Schedule?.Clone() ?? new Schedule();
        wanted.Spec = SpecForm.Canonical(wanted.Spec);
        var attributes = AttributeCheck.Checked(t.Runs.Attributes(r.Namespace), r.SearchAttributes);
        CheckAction(t, r.Namespace, wanted);
        if (engine.Schedules.Find(r.Namespace, r.ScheduleId) is { } there)
        {
            return there.State.CreateRequestId == r.RequestId
                ? new() { ConflictToken = ScheduleViews.Token(there) }
                : throw Failures.ScheduleAlreadyExists(r.ScheduleId, there.State.CreateRequestId);
        }

        Limits.Memo(r.Memo);
        var schedule = engine.Schedules.Add(new ScheduleState
        {
            Namespace = r.Namespace,
            Id = r.ScheduleId,
            Memo = r.Memo?.ToByteArray() ?? [],
            SearchAttributes = attributes.ToByteArray(),
            CreateRequestId = r.RequestId,
            Created = t.Now,
            DoneUpTo = t.Now,
        });
        schedule.Replace(wanted);
        if (r.InitialPatch is not null)
            Apply(t, schedule, r.InitialPatch);
        return new() { ConflictToken = ScheduleViews.Token(schedule) };
    }

    private UpdateScheduleResponse Update(Transition t, UpdateScheduleRequest r)
    {
        Limits.Length(r.RequestId, "RequestId");
        var wanted = r.Schedule?.Clone() ?? new Schedule();
        wanted.Spec = SpecForm.Canonical(wanted.Spec);
        var attributes = AttributeCheck.Checked(t.Runs.Attributes(r.Namespace), r.SearchAttributes);
        CheckAction(t, r.Namespace, wanted);
        var schedule = Find(r.Namespace, r.ScheduleId);
        // Upstream's newer schedulers say so as well; its older ones drop what came too late without a word.
        if (!ScheduleViews.IsNewest(schedule, r.ConflictToken))
            throw Failures.FailedPrecondition("mismatched conflict token");
        engine.Schedules.Touch(schedule);
        schedule.Replace(wanted);
        if (r.SearchAttributes is not null)
            schedule.State.SearchAttributes = attributes.ToByteArray();
        schedule.State.Updated = t.Now;
        return new();
    }

    private PatchScheduleResponse Patch(Transition t, PatchScheduleRequest r)
    {
        Limits.Length(r.RequestId, "RequestId");
        if (Math.Max(Encoding.UTF8.GetByteCount(r.Patch?.Pause ?? ""), Encoding.UTF8.GetByteCount(r.Patch?.Unpause ?? "")) > MaxNotes)
            throw Failures.InvalidArgument("Schedule notes exceeds limit.");
        var schedule = Find(r.Namespace, r.ScheduleId);
        engine.Schedules.Touch(schedule);
        Apply(t, schedule, r.Patch ?? throw Failures.InvalidArgument("Patch is not set on request."));
        return new();
    }

    private void Apply(Transition t, StoredSchedule schedule, SchedulePatch patch)
    {
        var actions = new ScheduleActions(engine.Schedules, schedule, t);
        if (patch.TriggerImmediately is { } now)
        {
            var at = now.ScheduledTime?.ToDateTime() ?? t.Now;
            actions.Ask([new ActionTime(at, at)], now.OverlapPolicy);
        }

        foreach (var fill in patch.BackfillRequest)
        {
            if (fill.StartTime is null || fill.EndTime is null)
                throw Failures.InvalidArgument("A back-fill needs a start and an end.");
            actions.Ask(schedule.Spec.Between(fill.StartTime.ToDateTime().AddMilliseconds(-1), fill.EndTime.ToDateTime()), fill.OverlapPolicy);
        }

        if (patch.Pause.Length > 0)
            schedule.Change(s => (s.State.Paused, s.State.Notes) = (true, patch.Pause));
        if (patch.Unpause.Length > 0)
            schedule.Change(s => (s.State.Paused, s.State.Notes) = (false, patch.Unpause));
    }

    private DeleteScheduleResponse Delete(DeleteScheduleRequest r)
    {
        engine.Schedules.Remove(Find(r.Namespace, r.ScheduleId));
        return new();
    }

    private ListScheduleMatchingTimesResponse Times(ListScheduleMatchingTimesRequest r)
    {
        var schedule = Find(r.Namespace, r.ScheduleId);
        if (r.StartTime is null || r.EndTime is null)
            throw Failures.QueryFailed("missing or invalid query", null);
        var times = schedule.Spec.Between(r.StartTime.ToDateTime(), r.EndTime.ToDateTime()).Take(MaxTimes);
        return new() { StartTime = { times.Select(t => Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(t.Actual)) } };
    }

    private StoredSchedule Find(string namespaceName, string id) =>
        engine.Schedules.Find(namespaceName, id) ?? throw Failures.NotFound($"schedule \"{id}\" not found");

    /// <summary>A schedule without an action is one that does nothing.</summary>
    private static void CheckAction(Transition t, string namespaceName, Schedule schedule)
    {
        if (schedule.Action?.StartWorkflow is not { } start)
            return;
        Limits.Id(ScheduledStart.IdOf(start, DateTime.UnixEpoch), "WorkflowId");
        Limits.Id(start.WorkflowType?.Name ?? "", "WorkflowType");
        Limits.Queue(start.TaskQueue);
        Limits.Timeouts(start.WorkflowExecutionTimeout, start.WorkflowRunTimeout, start.WorkflowTaskTimeout);
        Limits.Blob(start.Input);
        if (start.CronSchedule.Length > 0)
            throw Failures.InvalidArgument("Scheduled workflow must not contain CronSchedule");
        if (start.WorkflowIdReusePolicy is not (WorkflowIdReusePolicy.Unspecified or WorkflowIdReusePolicy.AllowDuplicate))
            throw Failures.InvalidArgument("Scheduled workflow must not contain WorkflowIDReusePolicy");
        AttributeCheck.Checked(t.Runs.Attributes(namespaceName), start.SearchAttributes);
    }
}
