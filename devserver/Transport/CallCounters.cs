using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Grpc.Core;

namespace Rotation.DevServer.Transport;

/// <summary>How often each method was answered, with which status, and how long that took in all. Safe for any thread.</summary>
internal sealed class CallCounters
{
    private readonly ConcurrentDictionary<(string Method, StatusCode Code), Counter> _counters = new();

    public void Add(string method, StatusCode code, TimeSpan took)
    {
        var counter = _counters.GetOrAdd((method, code), _ => new Counter());
        Interlocked.Increment(ref counter.Calls);
        Interlocked.Add(ref counter.Ticks, took.Ticks);
    }

    /// <summary>Everything as Prometheus reads it, followed by the gauges given.</summary>
    public string Text(IEnumerable<(string Name, string Help, double Value)> gauges)
    {
        var text = new StringBuilder();
        text.Append("# HELP rotation_server_calls_total Calls answered, by method and gRPC status.\n# TYPE rotation_server_calls_total counter\n");
        var counters = _counters.OrderBy(c => c.Key.Method, StringComparer.Ordinal).ThenBy(c => c.Key.Code).ToList();
        foreach (var ((method, code), counter) in counters)
            text.Append(CultureInfo.InvariantCulture, $"rotation_server_calls_total{{method=\"{method}\",code=\"{code}\"}} {Interlocked.Read(ref counter.Calls)}\n");
        text.Append("# HELP rotation_server_call_seconds_total Time spent in calls, waiting included.\n# TYPE rotation_server_call_seconds_total counter\n");
        foreach (var ((method, code), counter) in counters)
            text.Append(CultureInfo.InvariantCulture, $"rotation_server_call_seconds_total{{method=\"{method}\",code=\"{code}\"}} {TimeSpan.FromTicks(Interlocked.Read(ref counter.Ticks)).TotalSeconds}\n");
        foreach (var (name, help, value) in gauges)
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
        return text.ToString();
    }

    private sealed class Counter
    {
        public long Calls;
        public long Ticks;
    }
}
