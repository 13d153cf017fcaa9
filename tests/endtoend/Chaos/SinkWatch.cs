using System.Security.Cryptography;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>Everything that a file has held, one after the other, seen by watching its folder: what a client that fetches at any moment may have got.</summary>
internal sealed class SinkWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _lock = new();
    private readonly List<string> _seen = [];
    private readonly string _file;

    public SinkWatch(string file)
    {
        _file = file;
        _watcher = new(Path.GetDirectoryName(file)!, Path.GetFileName(file)) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite };
        _watcher.Changed += (_, _) => Look();
        _watcher.Created += (_, _) => Look();
        _watcher.Renamed += (_, _) => Look();
        _watcher.EnableRaisingEvents = true;
        Look();
    }

    /// <summary>SHA-256 of each content, the first as it was before; the same content written again is not a new one.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            Look();
            lock (_lock)
                return [.. _seen];
        }
    }

    /// <summary>
    /// What is wrong with the deliveries of one rotation, or null. Each of the three steps that deliver has one content, whatever is tried again: forward at most three
    /// new ones, and back the same ones in reverse. A way back to a step and forward again makes new ones.
    /// </summary>
    public static string? ProblemOf(IReadOnlyList<string> seen, bool wentBackToStep)
    {
        const int Deliveries = 3;
        int distinct = seen.Distinct().Count() - 1;
        if (distinct > (wentBackToStep ? 2 * Deliveries : Deliveries))
            return $"the sink had {distinct} different new contents";
        for (int i = 1, top = 0; !wentBackToStep && i < seen.Count; i++)
        {
            int known = seen.Take(i).ToList().IndexOf(seen[i]);
            if (known < 0 && i != top + 1)
                return "a new content was delivered after an old one had been put back";
            top = known < 0 ? i : top;
        }

        return null;
    }

    public void Dispose() => _watcher.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            string now = File.Exists(_file) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_file))) : "";
            if (_seen.Count == 0 || _seen[^1] != now)
                _seen.Add(now);
        }
    }
}
