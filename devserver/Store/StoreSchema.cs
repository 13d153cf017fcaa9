using System.Globalization;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Visibility;

namespace Rotation.DevServer.Store;

/// <summary>All tables of the file and their version. A file of a newer version is refused, an older one is brought up.</summary>
internal static class StoreSchema
{
    /// <summary>Version this program writes.</summary>
    public const int Version = 2;

    public static void Create(SqliteConnection connection)
    {
        StoreFile.Execute(connection, "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;");
        var found = ReadVersion(connection);
        if (found > Version)
            throw new StoreException($"The file was written by a newer server (schema {found}, this one knows {Version}). Use that version, or another file.");
        using var transaction = connection.BeginTransaction();
        StoreFile.Execute(connection, $"""
            CREATE TABLE IF NOT EXISTS execution (
                run_id TEXT PRIMARY KEY, namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, is_open INTEGER NOT NULL, close_time INTEGER, state BLOB NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS execution_open ON execution (is_open, close_time);
            CREATE TABLE IF NOT EXISTS current (namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (namespace, workflow_id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS event (run_id TEXT NOT NULL, id INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (run_id, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS schedule (namespace TEXT NOT NULL, id TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (namespace, id)) WITHOUT ROWID;
            INSERT OR REPLACE INTO meta VALUES ('schema', '{Version}');
            """);
        VisibilitySchema.Create(connection);
        transaction.Commit();
    }

    private static int ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE name = 'schema'";
        return command.ExecuteScalar() is string text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
    }
}
