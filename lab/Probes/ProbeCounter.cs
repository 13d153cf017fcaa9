namespace Rotation.Lab.Probes;

/// <summary>Counts one class of client.</summary>
internal sealed class ProbeCounter(string name)
{
    private const int KeptFailures = 1000;
    private readonly Lock _lock = new();
    private readonly List<ProbeFailure> _failures = [];
    private long _requests;
    private long _failed;

    public string Class { get; } = name;

    public void Add(ProbeFailure? failure)
    {
        lock (_lock)
        {
            _requests++;
            if (failure is null)
                return;
            _failed++;
            if (_failures.Count < KeptFailures)
                _failures.Add(failure with { Class = Class });
        }
    }

    public (ProbeClassCounts Counts, IReadOnlyList<ProbeFailure> Failures) Read()
    {
        lock (_lock)
            return (new ProbeClassCounts(Class, _requests, _failed), [.. _failures]);
    }
}
