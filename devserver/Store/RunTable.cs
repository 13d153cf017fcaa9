using Microsoft.Data.Sqlite;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Store;

/// <summary>What one transition changed of one run, ready to be written: the state whole, the new events in order.</summary>
internal sealed record RunWrite(
    string Namespace, string WorkflowId, string RunId, bool IsOpen, DateTime? Closed, byte[] State, long FirstEventId, IReadOnlyList<byte[]> NewEvents, bool IsCurrent);

/// <summary>Rows of runs and their events.</summary>
internal static class RunTable
{
    public static void Write(SqliteConnection connection, RunWrite run)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO execution VALUES ($run, $ns, $wf, $open, $close, $state)";
        command.Parameters.AddWithValue("$run", run.RunId);
        command.Parameters.AddWithValue("$ns", run.Namespace);
        command.Parameters.AddWithValue("$wf", run.WorkflowId);
        command.Parameters.AddWithValue("$open", run.IsOpen ? 1 : 0);
        command.Parameters.AddWithValue("$close", run.Closed is { } closed ? closed.Ticks : DBNull.Value);
        command.Parameters.AddWithValue("$state", run.State);
        command.ExecuteNonQuery();
        if (run.IsCurrent)
            WriteCurrent(connection, run.Namespace, run.WorkflowId, run.RunId);
        WriteEvents(connection, run);
    }

    /// <summary>State of every open run, for recovery.</summary>
    public static List<byte[]> OpenStates(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state FROM execution WHERE is_open = 1";
        using var reader = command.ExecuteReader();
        var states = new List<byte[]>();
        while (reader.Read())
            states.Add(reader.GetFieldValue<byte[]>(0));
        return states;
    }

    public static byte[]? State(SqliteConnection connection, string runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state FROM execution WHERE run_id = $run";
        command.Parameters.AddWithValue("$run", runId);
        return command.ExecuteScalar() as byte[];
    }

    public static string? CurrentRun(SqliteConnection connection, string namespaceName, string workflowId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT run_id FROM current WHERE namespace = $ns AND workflow_id = $wf";
        command.Parameters.AddWithValue("$ns", namespaceName);
        command.Parameters.AddWithValue("$wf", workflowId);
        return command.ExecuteScalar() as string;
    }

    public static List<HistoryEvent> Events(SqliteConnection connection, string runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT data FROM event WHERE run_id = $run ORDER BY id";
        command.Parameters.AddWithValue("$run", runId);
        using var reader = command.ExecuteReader();
        var events = new List<HistoryEvent>();
        while (reader.Read())
            events.Add(HistoryEvent.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));
        return events;
    }

    /// <summary>Ids of runs that closed before <paramref name="limit"/>, oldest first, with their namespace.</summary>
    public static List<(string Namespace, string RunId)> ClosedBefore(SqliteConnection connection, DateTime limit, int max)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT namespace, run_id FROM execution WHERE is_open = 0 AND close_time < $limit ORDER BY close_time LIMIT $max";
        command.Parameters.AddWithValue("$limit", limit.Ticks);
        command.Parameters.AddWithValue("$max", max);
        using var reader = command.ExecuteReader();
        var runs = new List<(string, string)>();
        while (reader.Read())
            runs.Add((reader.GetString(0), reader.GetString(1)));
        return runs;
    }

    public static void Delete(SqliteConnection connection, string runId)
    {
        foreach (var table in (string[])["execution", "current", "event"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"DELETE FROM {table} WHERE run_id = $run";
            command.Parameters.AddWithValue("$run", runId);
            command.ExecuteNonQuery();
        }
    }

    private static void WriteCurrent(SqliteConnection connection, string namespaceName, string workflowId, string runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO current VALUES ($ns, $wf, $run)";
        command.Parameters.AddWithValue("$ns", namespaceName);
        command.Parameters.AddWithValue("$wf", workflowId);
        command.Parameters.AddWithValue("$run", runId);
        command.ExecuteNonQuery();
    }

    private static void WriteEvents(SqliteConnection connection, RunWrite run)
    {
        if (run.NewEvents.Count == 0)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO event VALUES ($run, $id, $data)";
        command.Parameters.AddWithValue("$run", run.RunId);
        var id = command.Parameters.Add("$id", SqliteType.Integer);
        var data = command.Parameters.Add("$data", SqliteType.Blob);
        for (var i = 0; i < run.NewEvents.Count; i++)
        {
            id.Value = run.FirstEventId + i;
            data.Value = run.NewEvents[i];
            command.ExecuteNonQuery();
        }
    }
}
