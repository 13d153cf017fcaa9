using System.Text.Json;

namespace Rotation.Lab.Cluster;

/// <summary>Append-only log of what happened, in memory and, when a file is named, as JSON lines.</summary>
internal sealed class EventLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Lock _lock = new();
    private readonly List<LabEvent> _events = [];
    private readonly StreamWriter? _file;

    public EventLog(string? file)
    {
        if (file is not null)
            _file = new StreamWriter(file, append: true) { AutoFlush = true };
    }

    public void Add(LabEvent entry)
    {
        lock (_lock)
        {
            var stamped = entry with { Sequence = _events.Count + 1, At = LabClock.Now };
            _events.Add(stamped);
            _file?.WriteLine(JsonSerializer.Serialize(stamped, Json));
        }
    }

    public void Add(string kind, string detail) => Add(new LabEvent { Kind = kind, Detail = detail });

    public void Add(string kind, Instance instance, string detail = "") =>
        Add(new LabEvent { Kind = kind, Instance = instance.Id, Group = instance.Group.Name, Zone = instance.Zone, Detail = detail });

    /// <summary>Events after a position, oldest first.</summary>
    public IReadOnlyList<LabEvent> Since(long sequence)
    {
        lock (_lock)
            return _events.GetRange((int)Math.Min(sequence, _events.Count), (int)Math.Max(0, _events.Count - sequence));
    }

    public void Dispose()
    {
        lock (_lock)
            _file?.Dispose();
    }
}
