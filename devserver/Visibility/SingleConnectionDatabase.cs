using Microsoft.Data.Sqlite;

namespace Rotation.DevServer.Visibility;

/// <summary>One connection used by one caller at a time: simple, and right for SQLite in memory, which lives as long as its connection.</summary>
internal sealed class SingleConnectionDatabase : IDatabase, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private SingleConnectionDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>An empty database that is gone when disposed, with the tables <paramref name="createTables"/> makes.</summary>
    public static SingleConnectionDatabase InMemory(params Action<SqliteConnection>[] createTables)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var create in createTables)
            create(connection);
        return new SingleConnectionDatabase(connection);
    }

    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation) => InTurnAsync(() => read(_connection), cancellation);

    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation) => InTurnAsync(
        () =>
        {
            using var transaction = _connection.BeginTransaction();
            var result = write(_connection);
            transaction.Commit();
            return result;
        },
        cancellation);

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
