namespace Rotation.Lab.Cluster;

/// <summary>The faults that are set now. Parts ask it where they would fail.</summary>
internal sealed class FaultBoard(EventLog log, int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<LabFault> _faults = [];
    private int _next;
    private long _version;

    /// <summary>Grows with each fault that is set or cleared.</summary>
    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyList<LabFault> Active
    {
        get
        {
            lock (_lock)
                return [.. _faults];
        }
    }

    public LabFault Set(LabFault fault)
    {
        lock (_lock)
        {
            var named = fault with { Id = $"f{++_next}" };
            _faults.Add(named);
            Interlocked.Increment(ref _version);
            log.Add(LabEvents.FaultSet, $"{named.Id} {named.Kind} {named.Target} {named.Value}");
            return named;
        }
    }

    public bool Clear(string id)
    {
        lock (_lock)
        {
            if (_faults.RemoveAll(f => f.Id == id) == 0)
                return false;
            Interlocked.Increment(ref _version);
            log.Add(LabEvents.FaultCleared, id);
            return true;
        }
    }

    /// <summary>The fault of that kind that hits one of the names, or null.</summary>
    public LabFault? Hits(LabFaultKind kind, params ReadOnlySpan<string> names)
    {
        lock (_lock)
        {
            foreach (var fault in _faults)
            {
                if (fault.Kind == kind && (fault.Target is null || names.Contains(fault.Target)))
                    return fault;
            }
        }

        return null;
    }

    /// <summary>Whether this call is one of the share that the fault of that kind spoils.</summary>
    public bool Strikes(LabFaultKind kind, params ReadOnlySpan<string> names)
    {
        if (Hits(kind, names) is not { } fault)
            return false;
        lock (_lock)
            return _random.NextDouble() < (fault.Value ?? 1);
    }
}
