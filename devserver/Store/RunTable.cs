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
        connection.Run(
            "INSERT OR REPLACE INTO execution VALUES ($run, $ns, $wf, $open, $close, $state)",
            ("$run", run.RunId), ("$ns", run.Namespace), ("$wf", run.WorkflowId), ("$open", run.IsOpen ? 1 : 0), ("$close", run.Closed?.Ticks), ("$state", run.State));
        if (run.IsCurrent)
            connection.Run("INSERT OR REPLACE INTO current VALUES ($ns, $wf, $run)", ("$ns", run.Namespace), ("$wf", run.WorkflowId), ("$run", run.RunId));
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
            connection.Run($"DELETE FROM {table} WHERE run_id = $run", ("$run", runId));
    }

    private static void WriteEvents(SqliteConnection connection, RunWrite run)
    {
        for (var i = 0; i < run.NewEvents.Count; i++)
            connection.Run("INSERT INTO event VALUES ($run, $id, $data)", ("$run", run.RunId), ("$id", run.FirstEventId + i), ("$data", run.NewEvents[i]));
    }
}
