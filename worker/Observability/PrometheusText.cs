using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Rotation.Worker.Observability;

/// <summary>Metrics in Prometheus' text format, version 0.0.4, made when they are asked for.</summary>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    /// <summary>Content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public PrometheusText() => Reader = new BaseExportingMetricReader(this) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };

    /// <summary>What a meter provider reads with; it owns the reader, and the reader this.</summary>
    public BaseExportingMetricReader Reader { get; }

    /// <summary>All metrics as they stand.</summary>
    public string Collect()
    {
        lock (_lock)
        {
            _text.Clear();
            Reader.Collect();
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
            Write(metric);
        return ExportResult.Success;
    }

    private void Write(Metric metric)
    {
        string kind = metric.MetricType switch
        {
            MetricType.Histogram => "histogram",
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            _ => "gauge",
        };
        _text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Description).Append('\n');
        _text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(kind).Append('\n');
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            Write(metric, point);
    }

    private void Write(Metric metric, in MetricPoint point)
    {
        string labels = Labels(point.Tags);
        switch (metric.MetricType)
        {
            case MetricType.LongSum:
                Line(metric.Name, labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum:
                Line(metric.Name, labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                Line(metric.Name, labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                Line(metric.Name, labels, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                Histogram(metric.Name, labels, point);
                break;
        }
    }

    private void Histogram(string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            Line($"{name}_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"", below);
        }

        Line($"{name}_sum", labels, point.GetHistogramSum());
        Line($"{name}_count", labels, point.GetHistogramCount());
    }

    private void Line(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in tags)
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(Escape($"{value}")).Append('"');
        return text.ToString();
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
