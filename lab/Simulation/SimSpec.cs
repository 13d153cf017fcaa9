namespace Rotation.Lab.Simulation;

/// <summary>A cluster in virtual time. Every time is drawn from <see cref="Seed"/> and the name of what takes it, so that it is the same in whatever order nodes are replaced.</summary>
public sealed record SimSpec
{
    /// <summary>Control-plane nodes, an instance group each. Default 3.</summary>
    public int ControlPlane { get; init; } = 3;

    /// <summary>Worker groups, in order of their names.</summary>
    public IReadOnlyList<SimGroup> Groups { get; init; } = [];

    /// <summary>Zones; nodes of a group take turns. Default three.</summary>
    public IReadOnlyList<string> Zones { get; init; } = ["a", "b", "c"];

    /// <summary>What runs on the workers.</summary>
    public IReadOnlyList<SimWorkload> Workloads { get; init; } = [];

    /// <summary>Seed of everything drawn.</summary>
    public int Seed { get; init; }

    /// <summary>Median time from launch to a node that validates. Default 180 seconds; drawn log-normally with a spread of a fifth.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Median time that the slowest pod of a node takes to stop. Default 60 seconds; drawn likewise.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time a pod takes from scheduled to ready. Default 10 seconds.</summary>
    public TimeSpan PodStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time until a terminated control-plane instance lets go of its etcd volumes. Default 20 seconds.</summary>
    public TimeSpan Shutdown { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time of one call that changes something in the cloud. Default 1 second.</summary>
    public TimeSpan CloudCall { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Share of worker replacements that never join. Default none.</summary>
    public double NeverJoins { get; init; }

    /// <summary>Time from the launch of the replacement of a node until it validates.</summary>
    public TimeSpan BootOf(string node) => Drawn(Boot, "boot " + node);

    /// <summary>Time that pods of a node take to stop.</summary>
    public TimeSpan DrainOf(string node) => Drawn(Drain, "drain " + node);

    /// <summary>Whether the replacement of a node joins.</summary>
    public bool Joins(string node) => SimDraw.Uniform(Seed, "join " + node) >= NeverJoins;

    private TimeSpan Drawn(TimeSpan median, string what) => median * Math.Exp(0.2 * SimDraw.Normal(Seed, what));
}

/// <summary>A worker group.</summary>
/// <param name="Name">Name.</param>
/// <param name="Size">Nodes.</param>
public sealed record SimGroup(string Name, int Size);

/// <summary>Pods of one owner.</summary>
/// <param name="Name">Name.</param>
/// <param name="Replicas">Pods.</param>
/// <param name="Stateful">True: a StatefulSet, whose pod is made again only when the old one is gone; false: a Deployment.</param>
/// <param name="MaxUnavailable">Pods that its PodDisruptionBudget lets go at once; null: it has none.</param>
public sealed record SimWorkload(string Name, int Replicas, bool Stateful, int? MaxUnavailable)
{
    /// <summary>As the lab's event log names it.</summary>
    public string Owner => $"{(Stateful ? "StatefulSet" : "Deployment")}/default/{Name}";
}
