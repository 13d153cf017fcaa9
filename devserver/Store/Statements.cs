using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Store;

/// <summary>Commands that a connection keeps prepared: most of the writer's work is the same few, thousands of times a second.</summary>
internal static class Statements
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Kept = [];

    /// <summary>The connection's command for <paramref name="sql"/>, without parameters yet. For one thread, and not after <c>BeginTransaction</c>.</summary>
    public static SqliteCommand Statement(this SqliteConnection connection, string sql)
    {
        var commands = Kept.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            commands[sql] = command;
        }

        command.Parameters.Clear();
        return command;
    }

    /// <summary>Runs it for its effect.</summary>
    public static void Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.Statement(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
