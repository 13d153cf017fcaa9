using System.Text;
using Rotation.Worker.Observability;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/metrics.md</c>: every metric.</summary>
internal static class MetricsPage
{
    public static string Render()
    {
        var page = new StringBuilder(
            "# Metrics\n\nWhat a worker exports: to Prometheus at `/metrics` of `Rotation:Worker:Listen`, and over OTLP to `OTEL_EXPORTER_OTLP_ENDPOINT`; the names are the same. "
            + "Gauges of open rotations come from every worker alike: take the maximum, not the sum.\n\n| metric | kind | unit | labels | |\n|---|---|---|---|---|\n");
        foreach (MetricDefinition metric in MetricTable.All)
            page.Append($"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} | {string.Join(", ", metric.Labels.Select(l => $"`{l}`"))} | {metric.Help} |\n");
        return page.ToString();
    }
}
