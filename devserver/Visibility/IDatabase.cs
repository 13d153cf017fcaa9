using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Visibility;

/// <summary>
/// The server's one SQLite file, as parts that are not the engine use it. A writer's delegate runs inside one transaction; when
/// <see cref="WriteAsync{T}"/> returns, its effect is durable. A delegate that throws changes nothing.
/// </summary>
internal interface IDatabase
{
    /// <summary>Runs <paramref name="read"/> on a connection nobody else uses meanwhile.</summary>
    Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation);

    /// <summary>Runs <paramref name="write"/> in a transaction of its own and commits it.</summary>
    Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation);
}
