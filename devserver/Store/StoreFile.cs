using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Store;

/// <summary>
/// The file behind a server: held by one process at a time, checked before use, never silently reset. A null path is a database
/// in memory that is gone with its connection.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private readonly FileStream? _lock;

    private StoreFile(string? path, FileStream? held)
    {
        Path = path;
        _lock = held;
    }

    public string? Path { get; }

    /// <summary>Takes the file. Throws <see cref="StoreException"/> when another process has it.</summary>
    public static StoreFile Take(string? path)
    {
        if (path is null)
            return new StoreFile(null, null);
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
            return new StoreFile(full, new FileStream(full + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StoreException($"{full} is in use by another server, or cannot be locked ({e.Message}). Stop that server or choose another file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException($"{full} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Rewrites the file without its unused space. Sizes in bytes, before and after.</summary>
    public static (long Before, long After) Compact(string path)
    {
        if (!File.Exists(path))
            throw new StoreException($"There is no file {path}.");
        using var file = Take(path);
        var before = new FileInfo(path).Length;
        using (var connection = file.Open())
        {
            file.Check(connection);
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        }

        return (before, new FileInfo(path).Length);
    }

    /// <summary>A connection of its own. Acknowledged means on disk: write-ahead log, flushed at every commit.</summary>
    public SqliteConnection Open()
    {
        var source = new SqliteConnectionStringBuilder { DataSource = Path ?? ":memory:", Pooling = false };
        var connection = new SqliteConnection(source.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA wal_autocheckpoint=4000;");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Unusable(e);
        }
    }

    /// <summary>Refuses a damaged file with words that say what to do.</summary>
    public void Check(SqliteConnection connection)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            if (command.ExecuteScalar() is string answer && answer != "ok")
                throw new StoreException($"{Path} is damaged ({answer}). Nothing was changed. Restore it from a copy, or start with another file.");
        }
        catch (SqliteException e)
        {
            throw Unusable(e);
        }
    }

    public void Dispose() => _lock?.Dispose();

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private StoreException Unusable(SqliteException e) =>
        new($"{Path ?? "the database in memory"} cannot be used as a database ({e.Message}). Nothing was changed. Restore it from a copy, or start with another file.", e);
}
