using System.Text.Encodings.Web;
using System.Text.Json;
using Rotation.Workflows.Serialization;
using Spectre.Console;

namespace Rotation.Worker.Terminals;

/// <summary>
/// Where a command writes. For people: tables and colours on standard output. With <c>--json</c>: one JSON document on standard output, everything else on
/// standard error. Colours and live views only on a terminal; <c>NO_COLOR</c> is honoured.
/// </summary>
internal sealed class Terminal
{
    private static readonly JsonSerializerOptions JsonOptions =
        new(RotationDataConverter.Json) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int PipedWidth = 200;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public Terminal(TextWriter output, TextWriter errors, bool json, bool debug)
    {
        (_output, _errors, Json, Debug) = (output, errors, json, debug);
        People = Console(json ? errors : output, json ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected, ReferenceEquals(output, System.Console.Out));
        Errors = Console(errors, System.Console.IsErrorRedirected, ReferenceEquals(errors, System.Console.Error));
    }

    /// <summary>Whether standard output must be one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Whether failures are shown with their stack traces.</summary>
    public bool Debug { get; }

    /// <summary>Tables and progress for people.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Warnings and errors.</summary>
    public IAnsiConsole Errors { get; }

    /// <summary>Whether a live view can be drawn and redrawn.</summary>
    public bool IsLive => People.Profile.Out.IsTerminal && People.Profile.Capabilities.Ansi;

    /// <summary>Whether a person can be asked.</summary>
    public static bool CanAsk => !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected;

    /// <summary>One line of plain words.</summary>
    public void Say(string line) => (Json ? _errors : _output).WriteLine(line);

    /// <summary>One line that standard output does not want.</summary>
    public void Warn(string line) => _errors.WriteLine(line);

    /// <summary>The command's one JSON document.</summary>
    public void WriteJson(object document) => _output.WriteLine(JsonSerializer.Serialize(document, JsonOptions));

    private static IAnsiConsole Console(TextWriter writer, bool redirected, bool isReal)
    {
        bool terminal = isReal && !redirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal)
            console.Profile.Width = PipedWidth;
        return console;
    }
}
