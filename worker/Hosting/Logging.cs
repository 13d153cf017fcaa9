using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotation.Worker.Hosting;

/// <summary>Logs go to standard error: standard output belongs to the command's answer.</summary>
internal static class Logging
{
    /// <summary>Warnings, or with <paramref name="debug"/> everything.</summary>
    public static ILoggerFactory ToErrors(bool debug, LogLevel least = LogLevel.Warning) => LoggerFactory.Create(logging => Configure(logging, debug, least));

    /// <inheritdoc cref="ToErrors"/>
    public static void Configure(ILoggingBuilder logging, bool debug, LogLevel least)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(debug ? LogLevel.Debug : least);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
