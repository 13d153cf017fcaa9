using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>What the parts of one lab share.</summary>
internal sealed class LabWorld : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private readonly List<string> _broken = [];

    public LabWorld(LabOptions options, string kubernetesVersion, int controlPlaneNodes)
    {
        Options = options;
        KubernetesVersion = kubernetesVersion;
        Clock = new LabClock(options.Speed);
        Log = new EventLog(options.EventLogFile);
        Faults = new FaultBoard(Log, options.Seed);
        Etcd = new EtcdClusters(controlPlaneNodes, Faults, Log);
        Balancer = new ApiLoadBalancer { ClassicName = ClusterSpec.ClassicLoadBalancer(options) };
        Workloads = new Workloads(this);
        Material = new NodeMaterialReader(Path.Combine(options.StateStoreDirectory, options.ClusterName));
    }

    public LabOptions Options { get; }

    public string KubernetesVersion { get; }

    public LabClock Clock { get; }

    public EventLog Log { get; }

    public FaultBoard Faults { get; }

    public KubeStore Store { get; } = new();

    public EtcdClusters Etcd { get; }

    public ApiLoadBalancer Balancer { get; }

    public Workloads Workloads { get; }

    public NodeMaterialReader Material { get; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Set once, when the lab is put together.</summary>
    public Fleet Fleet { get; set; } = null!;

    /// <summary>What broke inside the lab itself: a defect of the lab, never part of a simulation.</summary>
    public IReadOnlyList<string> Broken
    {
        get
        {
            lock (_lock)
                return [.. _broken];
        }
    }

    /// <summary>How far AWS answers are behind what is.</summary>
    public TimeSpan CloudLag => Faults.Hits(LabFaultKind.AwsEventualConsistency) is { } fault ? Clock.Real(TimeSpan.FromSeconds(fault.Value ?? 1)) : TimeSpan.Zero;

    /// <summary>Runs something beside the caller until it ends or the lab does.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => GuardAsync(work));
        lock (_lock)
            _running.Add(task);
        task.ContinueWith(t => Forget(t), TaskScheduler.Default);
    }

    public void LogNode(string kind, string node)
    {
        var instance = Fleet.Find(node);
        if (instance is null)
            Log.Add(kind, node);
        else
            Log.Add(kind, instance);
    }

    public void LogPod(string kind, KubeObject pod, string detail)
    {
        var instance = Fleet.Find(KubeObjects.NodeOf(pod) ?? "");
        Log.Add(new LabEvent
        {
            Kind = kind,
            Pod = $"{pod.Namespace}/{pod.Name}",
            Owner = KubeObjects.OwnerOf(pod),
            Instance = instance?.Id,
            Group = instance?.Group.Name,
            Zone = instance?.Zone,
            Detail = detail,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(false);
        await Balancer.DisposeAsync().ConfigureAwait(false);
        Log.Dispose();
        _stop.Dispose();
    }

    private void Forget(Task task)
    {
        lock (_lock)
            _running.Remove(task);
    }

    private async Task GuardAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The lab or the instance ended.
        }
        catch (Exception e)
        {
            lock (_lock)
                _broken.Add(e.ToString());
        }
    }
}
