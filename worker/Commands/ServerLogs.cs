using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Rotation.Worker.Hosting;

namespace Rotation.Worker.Commands;

/// <summary>The server's log on standard error: lines for people, or one JSON object a line. Formats and levels have the names of Temporal's own command line.</summary>
internal static class ServerLogs
{
    public static readonly string[] Formats = ["text", "pretty", "json"];

    public static readonly string[] Levels = ["debug", "info", "warn", "error", "never"];

    /// <summary>Without a format: lines for people. Without a level: warnings, or with <paramref name="debug"/> everything.</summary>
    public static ILoggerFactory Create(string? format, string? level, bool debug) => LoggerFactory.Create(logging =>
    {
        LogLevel least = level is null && debug ? LogLevel.Debug : Least(level);
        Logging.Configure(logging, debug: false, least);
        // The web server's own words for every request are for those who debug it.
        if (least != LogLevel.Debug)
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        if (format?.Equals("json", StringComparison.OrdinalIgnoreCase) == true)
            Json(logging);
    });

    private static void Json(ILoggingBuilder logging)
    {
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.FormatterName = ConsoleFormatterNames.Json);
    }

    private static LogLevel Least(string? level) => level?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "ERROR" => LogLevel.Error,
        "NEVER" => LogLevel.None,
        _ => LogLevel.Warning,
    };
}
