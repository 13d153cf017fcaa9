using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rotation.Activities.Kops;
using Rotation.Worker.Hosting;

namespace Rotation.Worker.Observability;

/// <summary>
/// Sends spans and metrics on: to an OTLP collector when OpenTelemetry's standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one, and metrics to whoever asks the worker's
/// <c>/metrics</c>. Without either nothing is collected.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // From a call of kops to a rolling update.
    private static readonly double[] Seconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400];
    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private Telemetry(bool withMetrics, PrometheusText? prometheus)
    {
        Prometheus = prometheus;
        if (withMetrics && (IsExported || prometheus is not null))
            _metrics = Metrics(prometheus);
        if (IsExported)
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(TraceHeader.Source, KopsTelemetry.Source).AddOtlpExporter().Build();
    }

    /// <summary>The text for <c>/metrics</c>; null when nobody can ask for it.</summary>
    public PrometheusText? Prometheus { get; }

    /// <summary>Whether anybody gets metrics.</summary>
    public bool HasMetrics => _metrics is not null;

    private static bool IsExported => Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 };

    /// <summary>For a worker.</summary>
    public static Telemetry ForWorker(bool withPrometheus) => new(withMetrics: true, withPrometheus ? new PrometheusText() : null);

    /// <summary>For a command: its spans only, sent before it ends; null when there is no collector.</summary>
    public static Telemetry? ForCommand() => IsExported ? new Telemetry(withMetrics: false, null) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static MeterProvider Metrics(PrometheusText? prometheus)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(Instruments.Source, KopsTelemetry.Source)
            .AddView(i => i.GetType().GetGenericTypeDefinition() == typeof(System.Diagnostics.Metrics.Histogram<>) ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null);
        if (prometheus is not null)
            builder.AddReader(prometheus.Reader);
        if (IsExported)
            builder.AddOtlpExporter();
        return builder.Build();
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddService("rotation", serviceVersion: WorkerHost.Version, serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}");
}
