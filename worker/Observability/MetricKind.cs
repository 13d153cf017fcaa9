namespace Rotation.Worker.Observability;

/// <summary>What a metric counts.</summary>
public enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Lengths of time by buckets; Prometheus shows it as <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    Histogram,
}
