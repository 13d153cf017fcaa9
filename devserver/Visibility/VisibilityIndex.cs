using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Store;
using Rotation.DevServer.Visibility.Attributes;

namespace Rotation.DevServer.Visibility;

/// <inheritdoc />
internal sealed class VisibilityIndex : IVisibilityIndex
{
    private const string UpsertSql = """
        INSERT OR REPLACE INTO visibility VALUES (
            $namespace, $run_id, $workflow_id, $workflow_type, $task_queue, $status, $start_time, $execution_time, $close_time, $close_order,
            $history_length, $history_size, $transitions, $parent_workflow_id, $parent_run_id, $root_workflow_id, $root_run_id, $first_run_id,
            $memo, $attributes, $attributes_json)
        """;

    public void Upsert(SqliteConnection connection, VisibilityRow row) => connection.Run(UpsertSql, Columns(row));

    public void Delete(SqliteConnection connection, string namespaceName, string runId) =>
        connection.Run("DELETE FROM visibility WHERE namespace = $namespace AND run_id = $run_id", ("$namespace", namespaceName), ("$run_id", runId));

    private static (string Name, object? Value)[] Columns(VisibilityRow row) =>
    [
        ("$namespace", row.Namespace),
        ("$run_id", row.RunId),
        ("$workflow_id", row.WorkflowId),
        ("$workflow_type", row.WorkflowType),
        ("$task_queue", row.TaskQueue),
        ("$status", (long)row.Status),
        ("$start_time", Ticks.Of(row.StartTime)),
        ("$execution_time", Ticks.Of(row.ExecutionTime)),
        ("$close_time", row.CloseTime is { } closed ? Ticks.Of(closed) : null),
        ("$close_order", row.CloseTime is { } order ? Ticks.Of(order) : long.MaxValue),
        ("$history_length", row.HistoryLength),
        ("$history_size", row.HistorySizeBytes),
        ("$transitions", row.StateTransitionCount),
        ("$parent_workflow_id", row.Parent?.WorkflowId),
        ("$parent_run_id", row.Parent?.RunId),
        ("$root_workflow_id", row.Root.WorkflowId),
        ("$root_run_id", row.Root.RunId),
        ("$first_run_id", row.FirstRunId),
        ("$memo", row.Memo.ToByteArray()),
        ("$attributes", row.Attributes.ToByteArray()),
        ("$attributes_json", AttributeJson.Of(row.Attributes)),
    ];
}
