using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Rotation.Lab.Kubernetes;

/// <summary>A change of one object.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Resource">Plural name of its resource.</param>
/// <param name="Object">The object after the change; before it when deleted.</param>
/// <param name="Version">Resource version of the change.</param>
internal sealed record KubeChange(string Type, string Resource, KubeObject Object, long Version);

/// <summary>What etcd holds: objects by resource, namespace and name, with resource versions, conflicts and watches.</summary>
internal sealed class KubeStore
{
    private const int HistoryLength = 20_000;
    private readonly Lock _lock = new();
    // By resource, then by namespace and name: listing one resource must not look at all others.
    private readonly Dictionary<string, SortedDictionary<string, KubeObject>> _objects = new(StringComparer.Ordinal);
    private readonly Queue<KubeChange> _history = new();
    private readonly List<Channel<KubeChange>> _watchers = [];
    private long _version = 1000;

    public long Version
    {
        get
        {
            lock (_lock)
                return _version;
        }
    }

    public KubeObject? Get(string resource, string ns, string name)
    {
        lock (_lock)
            return Of(resource).GetValueOrDefault(Key(ns, name));
    }

    /// <summary>Objects of a resource, of one namespace or of all, with the version of the list.</summary>
    public (List<KubeObject> Items, long Version) List(string resource, string? ns = null)
    {
        lock (_lock)
        {
            var all = Of(resource);
            return (ns is null ? [.. all.Values] : [.. all.Where(e => e.Key.StartsWith(ns + "/", StringComparison.Ordinal)).Select(e => e.Value)], _version);
        }
    }

    /// <summary>Stores a new object; null when one of that name is there.</summary>
    public KubeObject? Create(string resource, JsonObject document)
    {
        lock (_lock)
        {
            var metadata = document["metadata"] as JsonObject ?? throw new ArgumentException("An object needs metadata.", nameof(document));
            metadata["uid"] ??= Guid.NewGuid().ToString();
            metadata["creationTimestamp"] ??= Timestamp(DateTimeOffset.UtcNow);
            var key = Key(metadata["namespace"]?.GetValue<string>() ?? "", metadata["name"]!.GetValue<string>());
            return Of(resource).ContainsKey(key) ? null : Store(key, resource, document, "ADDED");
        }
    }

    /// <summary>Changes a copy of an object and stores it; null when it is not there. A change that returns false, or changes nothing, leaves it as it is.</summary>
    public KubeObject? Update(string resource, string ns, string name, Func<JsonObject, bool> change, bool evenIfSame = false)
    {
        lock (_lock)
        {
            var key = Key(ns, name);
            if (!Of(resource).TryGetValue(key, out var current))
                return null;
            var copy = current.Document.DeepClone().AsObject();
            return change(copy) && (evenIfSame || !JsonNode.DeepEquals(copy, current.Document)) ? Store(key, resource, copy, "MODIFIED") : current;
        }
    }

    /// <summary>Removes an object; with a uid only when it is still that one.</summary>
    public KubeObject? Delete(string resource, string ns, string name, string? uid = null)
    {
        lock (_lock)
        {
            var key = Key(ns, name);
            if (!Of(resource).TryGetValue(key, out var current) || (uid is not null && current.Uid != uid))
                return null;
            Of(resource).Remove(key);
            var last = current.Document.DeepClone().AsObject();
            last["metadata"]!["resourceVersion"] = (_version + 1).ToString();
            Publish(new KubeChange("DELETED", resource, new KubeObject(last, _version + 1), ++_version));
            return current;
        }
    }

    /// <summary>Changes after a version, then those to come. Null when the version is too old. Complete the channel with <see cref="Unsubscribe"/>.</summary>
    public Channel<KubeChange>? Subscribe(long after)
    {
        lock (_lock)
        {
            if (_history.Count == HistoryLength && _history.Peek().Version > after + 1)
                return null;
            var channel = Channel.CreateUnbounded<KubeChange>(new UnboundedChannelOptions { SingleReader = true });
            foreach (var change in _history.Where(c => c.Version > after))
                channel.Writer.TryWrite(change);
            _watchers.Add(channel);
            return channel;
        }
    }

    public void Unsubscribe(Channel<KubeChange> channel)
    {
        lock (_lock)
            _watchers.Remove(channel);
        channel.Writer.TryComplete();
    }

    public static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Key(string ns, string name) => $"{ns}/{name}";

    private SortedDictionary<string, KubeObject> Of(string resource)
    {
        if (!_objects.TryGetValue(resource, out var all))
            _objects[resource] = all = new(StringComparer.Ordinal);
        return all;
    }

    private KubeObject Store(string key, string resource, JsonObject document, string type)
    {
        document["metadata"]!["resourceVersion"] = (++_version).ToString();
        var stored = new KubeObject(document, _version);
        Of(resource)[key] = stored;
        Publish(new KubeChange(type, resource, stored, _version));
        return stored;
    }

    private void Publish(KubeChange change)
    {
        _history.Enqueue(change);
        if (_history.Count > HistoryLength)
            _history.Dequeue();
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(change);
    }
}
