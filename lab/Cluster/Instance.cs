namespace Rotation.Lab.Cluster;

/// <summary>Life of an instance as EC2 names it.</summary>
internal enum InstanceState
{
    Pending,
    Running,
    ShuttingDown,
    Terminated,
}

/// <summary>One machine. Guarded by the fleet's lock, except <see cref="Life"/> and what boots on it.</summary>
internal sealed class Instance
{
    public required string Id { get; init; }

    public required InstanceGroup Group { get; init; }

    public required string Zone { get; init; }

    public required int TemplateVersion { get; init; }

    public required string PrivateAddress { get; init; }

    public DateTimeOffset LaunchedAt { get; } = LabClock.Now;

    /// <summary>When its end was ordered.</summary>
    public DateTimeOffset? EndingAt { get; set; }

    public DateTimeOffset? TerminatedAt { get; set; }

    /// <summary>Whether AWS answers showed it before they fell behind.</summary>
    public bool IsKnown { get; set; }

    public InstanceState State { get; set; } = InstanceState.Pending;

    /// <summary>Taken out of its group to surge; runs on.</summary>
    public bool Detached { get; set; }

    /// <summary>Tags added by calls, over those of its group.</summary>
    public Dictionary<string, string> OwnTags { get; } = new(StringComparer.Ordinal);

    /// <summary>Ended when the instance is told to terminate.</summary>
    public CancellationTokenSource Life { get; } = new();

    /// <summary>What runs on it once it booted.</summary>
    public IBootedNode? Node { get; set; }

    /// <summary>What AWS answers show of it when they are that much behind: null while they do not know it yet.</summary>
    public InstanceState? Seen(TimeSpan lag)
    {
        if (!IsKnown && LabClock.Now - LaunchedAt < lag)
            return null;
        return LabClock.Now - EndingAt < lag ? InstanceState.Running : State;
    }

    public bool Alive => State is InstanceState.Pending or InstanceState.Running;
}

/// <summary>What a booted instance runs.</summary>
internal interface IBootedNode : IAsyncDisposable
{
    NodeMaterial Material { get; }

    /// <summary>Stops as on an orderly shutdown: running requests end, nothing new is taken.</summary>
    Task DrainAsync();
}
