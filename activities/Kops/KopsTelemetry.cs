using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Rotation.Activities.Kops;

/// <summary>What is measured of kops processes. Names, arguments and exit codes only: what kops reads or prints is in no span and no metric.</summary>
public static class KopsTelemetry
{
    /// <summary>Name of the spans' source and of the meter.</summary>
    public const string Source = "Rotation.Kops";

    /// <summary>Name of the histogram of how long kops ran, in seconds.</summary>
    public const string Seconds = "rotation_kops_seconds";

    private static readonly ActivitySource Spans = new(Source);
    private static readonly Meter Meter = new(Source);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(Seconds, "s", "How long kops ran.");

    /// <summary>Begins the span of a process.</summary>
    internal static Activity? Begin(KopsCommand command)
    {
        Activity? span = Spans.StartActivity($"kops {Verb(command)}", ActivityKind.Client);
        span?.SetTag("process.command_args", command.ToString());
        return span;
    }

    /// <summary>Ends it; null: it did not end by itself.</summary>
    internal static void End(Activity? span, KopsCommand command, TimeSpan took, int? exitCode)
    {
        string outcome = exitCode switch
        {
            null => "ended by us",
            0 => "ok",
            _ => "failed",
        };
        Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("command", Verb(command)), new KeyValuePair<string, object?>("outcome", outcome));
        span?.SetTag("process.exit.code", exitCode);
        span?.SetStatus(exitCode == 0 ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        span?.Dispose();
    }

    // Two words at most, so that a metric has as many series as kops has commands.
    private static string Verb(KopsCommand command) => string.Join(' ', command.Arguments.TakeWhile(a => !a.StartsWith('-')).Take(2));
}
