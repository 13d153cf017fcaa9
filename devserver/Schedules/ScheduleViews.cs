using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>How a schedule is shown.</summary>
internal static class ScheduleViews
{
    private const int Shown = 10, Listed = 5;

    /// <summary>What an update must bring to be sure that nobody else was faster.</summary>
    public static ByteString Token(StoredSchedule schedule)
    {
        var token = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(token, schedule.State.Version);
        return ByteString.CopyFrom(token);
    }

    /// <summary>Whether an update may be done; one without a token always may.</summary>
    public static bool IsNewest(StoredSchedule schedule, ByteString token) =>
        token.Length < sizeof(long) || BinaryPrimitives.ReadInt64BigEndian(token.Span) is var version && (version == 0 || version == schedule.State.Version);

    public static DescribeScheduleResponse Describe(StoredSchedule schedule) => new()
    {
        Schedule = schedule.Schedule.Clone(),
        Info = Info(schedule),
        Memo = schedule.Memo,
        SearchAttributes = schedule.Attributes,
        ConflictToken = Token(schedule),
    };

    public static ScheduleListEntry Entry(StoredSchedule schedule) => new()
    {
        ScheduleId = schedule.State.Id,
        Memo = schedule.Memo,
        SearchAttributes = schedule.Attributes,
        Info = new ScheduleListInfo
        {
            Spec = schedule.Schedule.Spec.Clone(),
            WorkflowType = new WorkflowType { Name = ScheduleTable.TypeOf(schedule.Schedule) },
            Notes = schedule.Schedule.State.Notes,
            Paused = schedule.Schedule.State.Paused,
            RecentActions = { schedule.State.Recent.TakeLast(Listed).Select(Action) },
            FutureActionTimes = { schedule.Future(Listed).Select(Timestamp.FromDateTime) },
        },
    };

    private static ScheduleInfo Info(StoredSchedule schedule)
    {
        var s = schedule.State;
        return new ScheduleInfo
        {
            ActionCount = s.Actions,
            MissedCatchupWindow = s.Missed,
            OverlapSkipped = s.Skipped,
            BufferDropped = s.Dropped,
            BufferSize = s.Buffer.Count,
            RunningWorkflows = { s.Running.Select(Execution) },
            RecentActions = { s.Recent.Select(Action) },
            FutureActionTimes = { schedule.Future(Shown).Select(Timestamp.FromDateTime) },
            CreateTime = Timestamp.FromDateTime(s.Created),
            UpdateTime = s.Updated is { } updated ? Timestamp.FromDateTime(updated) : null,
        };
    }

    private static ScheduleActionResult Action(RecentAction action) => new()
    {
        ScheduleTime = Timestamp.FromDateTime(action.Scheduled),
        ActualTime = Timestamp.FromDateTime(action.Actual),
        StartWorkflowResult = Execution(action.Run),
        StartWorkflowStatus = action.Status,
    };

    private static WorkflowExecution Execution(StartedRun run) => new() { WorkflowId = run.WorkflowId, RunId = run.RunId };
}
