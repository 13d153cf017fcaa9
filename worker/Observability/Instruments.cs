using System.Diagnostics.Metrics;

namespace Rotation.Worker.Observability;

/// <summary>The instruments of <see cref="MetricTable"/>. One set a process; recording costs nothing while nobody listens.</summary>
internal static class Instruments
{
    /// <summary>Name of the meter.</summary>
    public const string Source = "Rotation";

    private static readonly Meter Meter = new(Source);
    private static readonly Dictionary<MetricDefinition, Counter<long>> Counters = Of(MetricKind.Counter, m => Meter.CreateCounter<long>(m.Name, m.Unit, m.Help));
    private static readonly Dictionary<MetricDefinition, Gauge<double>> Gauges = Of(MetricKind.Gauge, m => Meter.CreateGauge<double>(m.Name, m.Unit, m.Help));
    private static readonly Dictionary<MetricDefinition, Histogram<double>> Histograms = Of(MetricKind.Histogram, m => Meter.CreateHistogram<double>(m.Name, m.Unit, m.Help));

    /// <summary>Counts one more. Values are in the order of the definition's labels.</summary>
    public static void Count(MetricDefinition metric, params ReadOnlySpan<string> values) => Counters[metric].Add(1, Tags(metric, values));

    /// <summary>Sets a gauge.</summary>
    public static void Set(MetricDefinition metric, double value, params ReadOnlySpan<string> values) => Gauges[metric].Record(value, Tags(metric, values));

    /// <summary>Records a length of time.</summary>
    public static void Took(MetricDefinition metric, double seconds, params ReadOnlySpan<string> values) => Histograms[metric].Record(seconds, Tags(metric, values));

    private static KeyValuePair<string, object?>[] Tags(MetricDefinition metric, ReadOnlySpan<string> values)
    {
        var tags = new KeyValuePair<string, object?>[metric.Labels.Count];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = new(metric.Labels[i], values[i]);
        return tags;
    }

    // kops is measured where it runs.
    private static Dictionary<MetricDefinition, T> Of<T>(MetricKind kind, Func<MetricDefinition, T> make) => MetricTable.All.Where(m => m.Kind == kind && m != MetricTable.KopsSeconds).ToDictionary(m => m, make);
}
