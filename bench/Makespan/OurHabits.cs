namespace Rotation.Bench.Makespan;

/// <summary>What our activities do while they replace a node; the defaults are the worker's.</summary>
public sealed record OurHabits
{
    /// <summary>Time between two looks. Default 1 second.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often in a row a replacement must validate. Default 2.</summary>
    public int ValidateCount { get; init; } = 2;

    /// <summary>Most time of a drain. Default 15 minutes.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most time until a replacement validates. Default 15 minutes.</summary>
    public TimeSpan ValidationTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether nodes are drained before they end. Default true.</summary>
    public bool Drains { get; init; } = true;

    /// <summary>Whether a replica of a StatefulSet waits while another is away. Default true.</summary>
    public bool GuardsReplicas { get; init; } = true;
}
