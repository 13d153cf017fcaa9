using Microsoft.Extensions.Logging;
using Temporalio.Runtime;

namespace Rotation.Worker.Hosting;

/// <summary>
/// Warnings of the SDK's core, as log lines like all others. Left to itself the core writes them to standard output, which belongs to the command's answer.
/// </summary>
internal sealed class CoreLog : ILogger
{
    private const string Category = "Temporalio.Core";
    private static readonly CoreLog Relay = new();
    private static readonly Lazy<TemporalRuntime> TheRuntime = new(() =>
        new TemporalRuntime(new TemporalRuntimeOptions { Telemetry = new TelemetryOptions { Logging = new LoggingOptions { Forwarding = new LogForwardingOptions(Relay) } } }));

    private readonly Lazy<ILogger> _errors = new(() => Logging.ToErrors(debug: false).CreateLogger(Category));
    private ILogger? _target;

    private CoreLog()
    {
    }

    /// <summary>The process's one runtime of the SDK.</summary>
    public static TemporalRuntime Runtime => TheRuntime.Value;

    private ILogger Target => Volatile.Read(ref _target) ?? _errors.Value;

    /// <summary>From now on they go where these loggers write; before, to standard error as text.</summary>
    public static void To(ILoggerFactory loggers) => Volatile.Write(ref Relay._target, loggers.CreateLogger(Category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Target.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => Target.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Target.Log(IsLateHeartbeat(formatter(state, exception)) ? LogLevel.Debug : logLevel, eventId, state, exception, formatter);

    // The activity ended while one was on its way, which is nothing to warn of.
    private static bool IsLateHeartbeat(string text) => text.Contains("Activity heartbeat failed", StringComparison.Ordinal) && text.Contains("UnknownActivity", StringComparison.Ordinal);
}
