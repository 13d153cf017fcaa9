using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Rotation.DevServer.Visibility;

namespace Rotation.DevServer.Store;

/// <summary>
/// The server's database: one writer that commits whatever waits in one transaction (group commit), in the order given. A write that
/// fails takes the whole server down, because what memory believes would no longer be what the file says.
/// </summary>
internal sealed class SqliteStore : IDatabase, IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly StoreFile _file;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection? _reader;
    private readonly SqliteConnection? _lookups;
    private readonly SemaphoreSlim _readTurn = new(1, 1);
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new() { SingleReader = true });
    private readonly Task _loop;
    private Task _last = Task.CompletedTask;
    private StoreException? _failure;

    private SqliteStore(StoreFile file, SqliteConnection writer)
    {
        _file = file;
        _writer = writer;
        _reader = file.Path is null ? null : file.Open();
        _lookups = file.Path is null ? null : file.Open();
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Opens the file, or memory when <paramref name="path"/> is null. Throws <see cref="StoreException"/> when it cannot be used.</summary>
    public static SqliteStore Open(string? path)
    {
        var file = StoreFile.Take(path);
        SqliteConnection? writer = null;
        try
        {
            writer = file.Open();
            file.Check(writer);
            StoreSchema.Create(writer);
            return new SqliteStore(file, writer);
        }
        catch
        {
            writer?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Completes when all that was enqueued before is durable.</summary>
    public Task Flushed => Volatile.Read(ref _last);

    /// <summary>Enqueues a write. Order of calls is order of commits; call it under one lock.</summary>
    public Task Enqueue(Action<SqliteConnection> write)
    {
        var job = new Job(write);
        ObjectDisposedException.ThrowIf(!_jobs.Writer.TryWrite(job), this);
        Volatile.Write(ref _last, job.Done.Task);
        return job.Done.Task;
    }

    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        T result = default!;
        await Enqueue(c => result = write(c)).WaitAsync(cancellation).ConfigureAwait(false);
        return result;
    }

    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        if (_reader is null)
            return await WriteAsync(read, cancellation).ConfigureAwait(false);
        await _readTurn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return read(_reader);
        }
        finally
        {
            _readTurn.Release();
        }
    }

    /// <summary>Reads on the caller's thread, after everything enqueued before is durable. For loads under the engine's lock.</summary>
    public T ReadNow<T>(Func<SqliteConnection, T> read)
    {
        T result = default!;
        Enqueue(c => result = read(c)).GetAwaiter().GetResult();
        return result;
    }

    /// <summary>True for a file: what is durable can be looked up at once. False in memory, where everything stays in memory anyway.</summary>
    public bool CanLookUp => _lookups is not null;

    /// <summary>Reads what is durable, at once, on a connection of the caller's lock. Default in memory.</summary>
    public T? Lookup<T>(Func<SqliteConnection, T> read) => _lookups is null ? default : read(_lookups);

    public async ValueTask DisposeAsync()
    {
        if (!_jobs.Writer.TryComplete())
            return;
        await _loop.ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        if (_reader is not null)
            await _reader.DisposeAsync().ConfigureAwait(false);
        if (_lookups is not null)
            await _lookups.DisposeAsync().ConfigureAwait(false);
        _readTurn.Dispose();
        _file.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Job>();
        while (await _jobs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _jobs.Reader.TryRead(out var job))
                batch.Add(job);
            Commit(batch);
        }
    }

    private void Commit(List<Job> batch)
    {
        try
        {
            if (_failure is not null)
                throw _failure;
            _writer.Run("BEGIN IMMEDIATE");
            foreach (var job in batch)
                job.Run(_writer);
            _writer.Run("COMMIT");
        }
        catch (Exception e) when (e is SqliteException or StoreException)
        {
            _failure ??= new StoreException($"The server's file could not be written: {e.Message} Nothing more is accepted; start the server again.", e);
            foreach (var job in batch)
                job.Done.TrySetException(_failure);
            return;
        }
        foreach (var job in batch)
            job.Finish();
    }

    private sealed class Job(Action<SqliteConnection> work)
    {
        private Exception? _failure;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>A job's own refusal (not the database's) is its caller's alone.</summary>
        public void Run(SqliteConnection connection)
        {
            try
            {
                work(connection);
            }
            catch (Exception e) when (e is not SqliteException)
            {
                _failure = e;
            }
        }

        public void Finish()
        {
            if (_failure is null)
                Done.TrySetResult();
            else
                Done.TrySetException(_failure);
        }
    }
}
