using Rotation.DevServer.Execution;
using Rotation.DevServer.Schedules;
using Rotation.DevServer.Store;
using Rotation.DevServer.Visibility;
using Temporalio.Api.Common.V1;

namespace Rotation.DevServer.Engine;

/// <summary>Hands what a transition changed to the store, as one write.</summary>
internal sealed class RunWriter(SqliteStore store, RunDirectory runs)
{
    private readonly VisibilityIndex _visibility = new();

    public void Save(IReadOnlyCollection<Run> touched, IReadOnlyCollection<StoredSchedule> schedules)
    {
        var scheduleWrites = schedules.Select(ScheduleTable.Writing).ToList();
        var writes = new List<RunWrite>(touched.Count);
        var rows = new List<VisibilityRow>();
        foreach (var run in touched)
        {
            var isNew = run.IsNew;
            writes.Add(run.Save(isNew && runs.IsCurrent(run)));
            if (isNew || run.RowChanged || !run.State.IsOpen)
                rows.Add(Row(run.State));
            run.RowChanged = false;
        }
        var durable = store.Enqueue(connection =>
        {
            foreach (var write in writes)
                RunTable.Write(connection, write);
            foreach (var row in rows)
                _visibility.Upsert(connection, row);
            foreach (var write in scheduleWrites)
                write(connection);
        });
        foreach (var run in touched.Where(r => !r.State.IsOpen))
            runs.Closed(run, durable);
    }

    private static VisibilityRow Row(RunState s) => new()
    {
        Namespace = s.Namespace,
        WorkflowId = s.WorkflowId,
        RunId = s.RunId,
        WorkflowType = s.WorkflowType,
        TaskQueue = s.TaskQueue,
        Status = s.Status,
        StartTime = s.Started,
        ExecutionTime = s.FirstTaskDue,
        CloseTime = s.Closed,
        HistoryLength = s.NextEventId - 1,
        HistorySizeBytes = s.HistoryBytes,
        StateTransitionCount = s.Transitions,
        Parent = s.Parent is null ? null : new WorkflowExecution { WorkflowId = s.Parent.WorkflowId, RunId = s.Parent.RunId },
        Root = new WorkflowExecution { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId },
        FirstRunId = s.FirstRunId,
        Memo = NextRuns.MemoOf(s) ?? new Memo(),
        Attributes = NextRuns.AttributesOf(s) ?? new SearchAttributes(),
    };
}
