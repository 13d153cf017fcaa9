namespace Rotation.Worker.Observability;

/// <summary>One metric that a worker exports.</summary>
/// <param name="Name">Its name, the same over OTLP and at the Prometheus endpoint.</param>
/// <param name="Kind">What it counts.</param>
/// <param name="Unit"><c>s</c> for seconds, <c>d</c> for days, else what is counted in braces.</param>
/// <param name="Labels">Its labels. None holds a rotation's or a node's id: series stay few.</param>
/// <param name="Help">What it says.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, IReadOnlyList<string> Labels, string Help)
{
    /// <summary>The series that a Prometheus query can name.</summary>
    public IReadOnlyList<string> Series => Kind == MetricKind.Histogram ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];
}
