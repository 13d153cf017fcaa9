using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Rotation.Worker.Hosting;

/// <summary>Logs go to standard error: standard output belongs to the command's answer.</summary>
internal static class Logging
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Warnings, or with <paramref name="debug"/> everything.</summary>
    public static ILoggerFactory ToErrors(bool debug, LogLevel least = LogLevel.Warning) => LoggerFactory.Create(logging => Configure(logging, debug, least));

    /// <inheritdoc cref="ToErrors"/>
    public static void Configure(ILoggingBuilder logging, bool debug, LogLevel least, bool json = false)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(debug ? LogLevel.Debug : least);
        if (json)
            logging.AddJsonConsole(Form);
        else
            logging.AddSimpleConsole(console =>
            {
                Form(console);
                // The scopes are dictionaries, which this format can only name; who wants them takes JSON.
                (console.SingleLine, console.IncludeScopes) = (true, false);
            });
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    // Scopes say cluster, rotation and workflow.
    private static void Form(ConsoleFormatterOptions console) => (console.UseUtcTimestamp, console.TimestampFormat, console.IncludeScopes) = (true, Timestamp, true);
}
