using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.Tests.DevServer.Visibility;

/// <summary>A visibility table with rows that tests query.</summary>
internal static class Runs
{
    public const string Namespace = "ns";

    public static readonly DateTime Noon = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    public static readonly AttributeTypes Types = new(Namespace, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, IndexedValueType>
    {
        ["Cluster"] = IndexedValueType.Keyword,
        ["Nodes"] = IndexedValueType.Int,
        ["Ratio"] = IndexedValueType.Double,
        ["Urgent"] = IndexedValueType.Bool,
        ["Due"] = IndexedValueType.Datetime,
        ["Keysets"] = IndexedValueType.KeywordList,
        ["Note"] = IndexedValueType.Text,
    }));

    public static VisibilityRow Row(string id, WorkflowExecutionStatus status = WorkflowExecutionStatus.Running, int startMinute = 0, int? closeMinute = null) => new()
    {
        Namespace = Namespace,
        WorkflowId = id,
        RunId = "run-" + id,
        WorkflowType = "RotateKeypairs",
        TaskQueue = "rotation",
        Status = status,
        StartTime = Noon.AddMinutes(startMinute),
        ExecutionTime = Noon.AddMinutes(startMinute),
        CloseTime = closeMinute is { } minute ? Noon.AddMinutes(minute) : null,
        HistoryLength = 10,
        Root = new() { WorkflowId = id, RunId = "run-" + id },
        FirstRunId = "run-" + id,
    };

    public static VisibilityRow With(this VisibilityRow row, string name, JsonNode value)
    {
        var given = row.Attributes.Clone();
        given.IndexedFields[name] = AttributeValue.ToPayload(Types.Settable(name)!.Value, value);
        return row with { Attributes = AttributeCheck.Checked(Types, given) };
    }

    public static SqliteConnection Database(IEnumerable<VisibilityRow> rows)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        VisibilitySchema.Create(connection);
        foreach (var row in rows)
            new VisibilityIndex().Upsert(connection, row);
        return connection;
    }

    public static string[] Ids(SqliteConnection connection, string query) => new VisibilityReader(connection, Types)
        .List(query, 1000, Google.Protobuf.ByteString.Empty).Executions.Select(e => e.Execution.WorkflowId).ToArray();
}
