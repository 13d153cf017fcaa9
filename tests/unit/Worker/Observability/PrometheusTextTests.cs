using OpenTelemetry;
using OpenTelemetry.Metrics;
using Rotation.Worker.Observability;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Observability;

/// <summary>What Prometheus reads.</summary>
public sealed class PrometheusTextTests
{
    [Fact]
    public void Every_metric_of_the_table_is_exported_under_its_name_with_its_labels()
    {
        using var text = new PrometheusText();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter(Instruments.Source).AddReader(text.Reader).Build();
        foreach (MetricDefinition metric in MetricTable.All.Where(m => m != MetricTable.KopsSeconds))
        {
            string[] values = [.. metric.Labels.Select(l => $"a \"{l}\"\n")];
            switch (metric.Kind)
            {
                case MetricKind.Counter:
                    Instruments.Count(metric, values);
                    break;
                case MetricKind.Gauge:
                    Instruments.Set(metric, 7.5, values);
                    break;
                default:
                    Instruments.Took(metric, 7.5, values);
                    break;
            }
        }

        string collected = text.Collect();

        foreach (MetricDefinition metric in MetricTable.All.Where(m => m != MetricTable.KopsSeconds))
        {
            collected.ShouldContain($"# HELP {metric.Name} {metric.Help}\n");
            foreach (string series in metric.Series)
                collected.ShouldContain($"\n{series}{(metric.Labels.Count == 0 ? " " : "{")}");
            foreach (string label in metric.Labels)
                collected.ShouldContain($"{label}=\"a \\\"{label}\\\"\\n\"");
        }

        collected.Split('\n').Where(l => l.Length > 0).ShouldAllBe(l => l.StartsWith('#') || l.Split(' ', StringSplitOptions.None).Length >= 2);
    }

    [Fact]
    public void Names_are_of_Prometheus_form_and_stand_once()
    {
        MetricTable.All.Select(m => m.Name).ShouldBeUnique();
        MetricTable.All.ShouldAllBe(m => System.Text.RegularExpressions.Regex.IsMatch(m.Name, "^rotation_[a-z_]+$"));
        MetricTable.All.Where(m => m.Kind == MetricKind.Counter).ShouldAllBe(m => m.Name.EndsWith("_total"));
    }
}
