namespace Rotation.Lab.Probes;

/// <summary>
/// Clients of each class that ask a lab's servers all the time. The rightful ones follow every change that reaches them; one keeps the very first admin
/// kubeconfig. They tell whether a rotation cut anybody off, and whether it ended the old credential.
/// </summary>
public sealed class ProbeSet : IAsyncDisposable
{
    /// <summary>Requests a second of each class where nothing else is asked for: 12, so that there are 10 also while the machine does not keep up.</summary>
    public const int DefaultRate = 12;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<ProbeClient> _rightful = [];
    private readonly ProbeClient _old;
    private readonly Task _running;
    private ProbeClassCounts? _oldAtDistrust;

    private ProbeSet(LabCluster lab, string kubeconfig, double requestsPerSecond, TimeProvider time)
    {
        var world = lab.World;
        _rightful.Add(new(ProbeClasses.Admin, new KubeconfigSource(world, kubeconfig, keep: false), requestsPerSecond, time));
        _rightful.Add(new(ProbeClasses.ServiceAccount, new ServiceAccountSource(world), requestsPerSecond, time));
        _rightful.Add(new(ProbeClasses.Kubelet, new KubeletSource(world), requestsPerSecond, time));
        _rightful.Add(new(ProbeClasses.ToKubelet, new ToKubeletSource(world), requestsPerSecond, time));
        _old = new(ProbeClasses.OldAdmin, new KubeconfigSource(world, kubeconfig, keep: true), requestsPerSecond, time);
        _running = Task.WhenAll(_rightful.Append(_old).Select(p => Task.Run(() => p.RunAsync(_stop.Token))));
    }

    /// <summary>Starts probing.</summary>
    /// <param name="lab">The cluster.</param>
    /// <param name="kubeconfig">Path of the admin kubeconfig, with a client certificate; read again when it changes (replace it by rename).</param>
    /// <param name="requestsPerSecond">Requests a second of each class; default <see cref="DefaultRate"/>.</param>
    /// <param name="time">Clock of the rate and of the failures' stamps; default the system's.</param>
    public static ProbeSet Start(LabCluster lab, string kubeconfig, double requestsPerSecond = DefaultRate, TimeProvider? time = null) =>
        new(lab, kubeconfig, requestsPerSecond, time ?? TimeProvider.System);

    /// <summary>From now on the old credential must be refused everywhere.</summary>
    public void MarkDistrusted() => _oldAtDistrust = _old.Counter.Read().Counts;

    /// <summary>What was seen so far. Throws what broke a probing client itself.</summary>
    public ProbeSnapshot Snapshot()
    {
        if (_running.IsFaulted)
            _running.GetAwaiter().GetResult();
        var rightful = _rightful.Select(p => p.Counter.Read()).ToList();
        var old = _old.Counter.Read();
        var before = _oldAtDistrust ?? old.Counts;
        return new ProbeSnapshot
        {
            Requests = rightful.Sum(r => r.Counts.Requests),
            Failed = rightful.Sum(r => r.Counts.Failed),
            Unanswered = rightful.Sum(r => r.Failures.LongCount(f => f.Kind == ProbeFailure.NoAnswer)),
            OldRequestsAfterDistrust = old.Counts.Requests - before.Requests,
            FailedAfterDistrustOld = old.Counts.Failed - before.Failed,
            Classes = [.. rightful.Select(r => r.Counts), old.Counts],
            Failures = [.. rightful.SelectMany(r => r.Failures).Concat(old.Failures).OrderBy(f => f.At)],
        };
    }

    /// <summary>Stops probing; the last snapshot stays readable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped by us.
        }

        foreach (var probe in _rightful.Append(_old))
            probe.Dispose();
        _stop.Dispose();
    }
}
