using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Visibility;

/// <summary>The tables of this folder. Instants are 100 ns ticks since 1970; open runs have the largest number as closing order.</summary>
internal static class VisibilitySchema
{
    /// <summary>Creates what is missing; harmless when all is there.</summary>
    public static void Create(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE IF NOT EXISTS visibility (
                namespace TEXT NOT NULL, run_id TEXT NOT NULL, workflow_id TEXT NOT NULL, workflow_type TEXT NOT NULL, task_queue TEXT NOT NULL,
                status INTEGER NOT NULL, start_time INTEGER NOT NULL, execution_time INTEGER NOT NULL, close_time INTEGER, close_order INTEGER NOT NULL,
                history_length INTEGER NOT NULL, history_size INTEGER NOT NULL, transitions INTEGER NOT NULL,
                parent_workflow_id TEXT, parent_run_id TEXT, root_workflow_id TEXT NOT NULL, root_run_id TEXT NOT NULL, first_run_id TEXT NOT NULL,
                memo BLOB NOT NULL, attributes BLOB NOT NULL, attributes_json TEXT NOT NULL,
                PRIMARY KEY (namespace, run_id)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS visibility_order ON visibility (namespace, close_order DESC, start_time DESC, run_id);
            CREATE INDEX IF NOT EXISTS visibility_workflow ON visibility (namespace, workflow_id);
            CREATE TABLE IF NOT EXISTS search_attribute (
                namespace TEXT NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL, PRIMARY KEY (namespace, name)) WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();
    }
}
