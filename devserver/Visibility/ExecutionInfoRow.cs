using Google.Protobuf.WellKnownTypes;
using Microsoft.Data.Sqlite;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;

namespace Rotation.DevServer.Visibility;

/// <summary>A row of the table as lists return it.</summary>
internal static class ExecutionInfoRow
{
    public static WorkflowExecutionInfo Read(SqliteDataReader row)
    {
        var info = new WorkflowExecutionInfo
        {
            Execution = Execution(row, "workflow_id", "run_id"),
            Type = new WorkflowType { Name = Text(row, "workflow_type") },
            TaskQueue = Text(row, "task_queue"),
            Status = (WorkflowExecutionStatus)Number(row, "status"),
            StartTime = Instant(Number(row, "start_time")),
            ExecutionTime = Instant(Number(row, "execution_time")),
            HistoryLength = Number(row, "history_length"),
            HistorySizeBytes = Number(row, "history_size"),
            StateTransitionCount = Number(row, "transitions"),
            RootExecution = Execution(row, "root_workflow_id", "root_run_id"),
            FirstRunId = Text(row, "first_run_id"),
            Memo = Memo.Parser.ParseFrom(Bytes(row, "memo")),
            SearchAttributes = SearchAttributes.Parser.ParseFrom(Bytes(row, "attributes")),
        };
        if (!row.IsDBNull(row.GetOrdinal("parent_workflow_id")))
            info.ParentExecution = Execution(row, "parent_workflow_id", "parent_run_id");
        if (!row.IsDBNull(row.GetOrdinal("close_time")))
        {
            info.CloseTime = Instant(Number(row, "close_time"));
            info.ExecutionDuration = Duration.FromTimeSpan(info.CloseTime.ToDateTime() - info.ExecutionTime.ToDateTime());
        }
        return info;
    }

    public static PagePosition Position(SqliteDataReader row) => new(Number(row, "close_order"), Number(row, "start_time"), Text(row, "run_id"));

    private static WorkflowExecution Execution(SqliteDataReader row, string workflowId, string runId) =>
        new() { WorkflowId = Text(row, workflowId), RunId = Text(row, runId) };

    private static Timestamp Instant(long ticks) => Ticks.ToInstant(ticks).ToTimestamp();

    private static string Text(SqliteDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    private static long Number(SqliteDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    private static byte[] Bytes(SqliteDataReader row, string column) => row.GetFieldValue<byte[]>(row.GetOrdinal(column));
}
