using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Rotation.DevServer.Visibility.Query;
using Temporalio.Api.Workflow.V1;

namespace Rotation.DevServer.Visibility;

/// <summary>Lists and counts runs of one namespace. Order: open ones first, then the last closed, then the last started.</summary>
internal sealed class VisibilityReader(SqliteConnection connection, AttributeTypes types)
{
    public VisibilityPage List(string query, int pageSize, ByteString token)
    {
        var parsed = QueryParser.Parse(query);
        if (parsed.GroupBy is not null)
            throw Failures.InvalidArgument("invalid query: operation is not supported: 'group by' clause");
        using var command = Select("*", parsed, PagePosition.FromToken(token));
        command.CommandText += " ORDER BY close_order DESC, start_time DESC, run_id LIMIT $limit";
        // One more than asked for tells whether there is a next page.
        command.Parameters.AddWithValue("$limit", pageSize + 1);
        using var reader = command.ExecuteReader();
        var executions = new List<WorkflowExecutionInfo>();
        PagePosition? last = null;
        while (reader.Read())
        {
            if (executions.Count == pageSize)
                return new VisibilityPage(executions, last!.ToToken());
            executions.Add(ExecutionInfoRow.Read(reader));
            last = ExecutionInfoRow.Position(reader);
        }
        return new VisibilityPage(executions, ByteString.Empty);
    }

    public long Count(ParsedQuery parsed)
    {
        using var command = Select("COUNT(*)", parsed, after: null);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Counts by execution status, the largest group first.</summary>
    public IReadOnlyList<(int Status, long Count)> CountByStatus(ParsedQuery parsed)
    {
        using var command = Select("status, COUNT(*)", parsed, after: null);
        command.CommandText += " GROUP BY status ORDER BY COUNT(*) DESC, status";
        using var reader = command.ExecuteReader();
        var groups = new List<(int, long)>();
        while (reader.Read())
            groups.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return groups;
    }

    private SqliteCommand Select(string columns, ParsedQuery parsed, PagePosition? after)
    {
        var sql = new QuerySql(types);
        var condition = parsed.Condition is null ? "1" : sql.Write(parsed.Condition);
        var command = connection.CreateCommand();
        sql.Bind(command);
        command.Parameters.AddWithValue("$namespace", types.Namespace);
        command.CommandText = $"SELECT {columns} FROM visibility WHERE namespace = $namespace AND {condition}";
        if (after is null)
            return command;
        command.CommandText += """
             AND (close_order < $order OR (close_order = $order AND (start_time < $start OR (start_time = $start AND run_id > $run))))
            """;
        command.Parameters.AddWithValue("$order", after.CloseOrder);
        command.Parameters.AddWithValue("$start", after.StartTime);
        command.Parameters.AddWithValue("$run", after.RunId);
        return command;
    }
}
