using System.Security.Cryptography;
using System.Text;
using Rotation.Activities.Hosting;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Running;

/// <summary>
/// One change at a time per state store and cluster on this host (on all hosts that share the work directory). Two advisory locks that the kernel gives back
/// when their holder dies: the first is this process's, over reading, acting and verifying; the second is held by kops itself and its children, so that an
/// attempt after a killed worker waits for the kops that the killed worker left. See <c>docs/adr/0003-no-orphaned-kops.md</c>.
/// </summary>
internal sealed class ClusterLeases(RotationOptions options, StateStores stores)
{
    /// <summary>Waits for the lease, heartbeating, until the token ends it.</summary>
    public async Task<ClusterLease> AcquireAsync(ClusterRef cluster, CancellationToken ct)
    {
        string folder = Path.Combine(options.WorkDirectory, "locks");
        PrivateFiles.CreateFolder(folder);
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stores.AddressOf(cluster)} {cluster.Name}")))[..32];
        string kopsLock = Path.Combine(folder, name + ".kops");

        long start = TimeProvider.System.GetTimestamp();
        await using Pulse pulse = Pulse.Start($"waits for another change of {cluster.Name} to end", options.Deadlines.Poll);
        FileStream own = await LockAsync(Path.Combine(folder, name + ".worker"), ct).ConfigureAwait(false);
        try
        {
            await (await LockAsync(kopsLock, ct).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            return new(own, kopsLock, start, options.Deadlines.KopsGrace);
        }
        catch
        {
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<FileStream> LockAsync(string file, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Min(100, options.Deadlines.Poll.TotalMilliseconds)));
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                // Somebody holds it; whoever dies gives it back.
                await timer.WaitForNextTickAsync(ct).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>The right to change a cluster, until it is disposed of.</summary>
internal sealed class ClusterLease(FileStream own, string kopsLock, long start, TimeSpan grace) : IAsyncDisposable
{
    /// <summary>The file that a kops run under this lease holds locked.</summary>
    public string KopsLock { get; } = kopsLock;

    /// <summary>
    /// A deadline that ends inside this attempt's own timeouts: kops must be dead before the server can give the task to a worker on another host. Counted on this
    /// host's clock, from before the wait for the lease.
    /// </summary>
    public TimeSpan Limit(TimeSpan deadline)
    {
        TimeSpan? whole = ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current.Info.StartToCloseTimeout : null;
        TimeSpan left = (whole ?? TimeSpan.MaxValue) - TimeProvider.System.GetElapsedTime(start) - (2 * grace);
        if (left <= TimeSpan.Zero)
            throw RotationErrors.Passing(RotationErrors.KopsTimedOut, "No time is left in this attempt to run kops safely; the next one begins afresh.");
        return left < deadline ? left : deadline;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => own.DisposeAsync();
}
