namespace Rotation.Lab;

/// <summary>How a lab cluster is made. Times are those of a real cluster; the lab divides them by <see cref="Speed"/>.</summary>
public sealed record LabOptions
{
    /// <summary>kOps cluster name, a DNS name. Default <c>lab.example.com</c>.</summary>
    public string ClusterName { get; init; } = "lab.example.com";

    /// <summary>Folder of the state store (what <c>file://</c> points at). Filled with a new cluster when it holds none of that name, used as it is otherwise.</summary>
    public required string StateStoreDirectory { get; init; }

    /// <summary>Control-plane nodes of a new cluster, one instance group each. Default 3; odd.</summary>
    public int ControlPlaneNodes { get; init; } = 3;

    /// <summary>Worker nodes of a new cluster, in all. Default 3; at most 1,000.</summary>
    public int WorkerNodes { get; init; } = 3;

    /// <summary>Worker instance groups of a new cluster. Default 1.</summary>
    public int WorkerGroups { get; init; } = 1;

    /// <summary>Version of kops that makes a new cluster. Default 1.26.6; before 1.22 its keysets are files of another form.</summary>
    public string KopsVersion { get; init; } = "1.26.6";

    /// <summary>Divisor of boot, drain and hold times. Default 20: a boot of 90 seconds takes 4.5.</summary>
    public double Speed { get; init; } = 20;

    /// <summary>Seed of everything drawn: boot times, instance ids, placement. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Mean time from launch to joined of a worker. Default 90 seconds.</summary>
    public TimeSpan WorkerBootTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Mean time from launch to a serving API server. Default 120 seconds.</summary>
    public TimeSpan ControlPlaneBootTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Boot times are drawn evenly within this fraction of the mean. Default 0.2.</summary>
    public double BootTimeSpread { get; init; } = 0.2;

    /// <summary>Time an evicted pod takes to stop. Default 10 seconds.</summary>
    public TimeSpan PodStopTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a pod takes from scheduled to ready. Default 5 seconds.</summary>
    public TimeSpan PodStartTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between the order to terminate an instance and its end. Default 20 seconds.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Application pods per worker at the start, over Deployments and StatefulSets in namespace <c>default</c>. Default 3.</summary>
    public int PodsPerWorker { get; init; } = 3;

    /// <summary>Life of the service-account tokens that pods mount, not divided; their kubelet fetches a new one after four fifths of it. Null, the default: none is mounted.</summary>
    public TimeSpan? TokenLife { get; init; }

    /// <summary>File that the event log is appended to as JSON lines; null keeps it in memory only.</summary>
    public string? EventLogFile { get; init; }
}
