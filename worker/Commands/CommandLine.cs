using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Rotation.Worker.Terminals;

namespace Rotation.Worker.Commands;

/// <summary>Parses and runs a command line.</summary>
internal static class CommandLine
{
    // What is told to stop may let its work finish, a worker for as long as it is configured to. See SecondInterrupt for those who will not wait.
    private static readonly TimeSpan Grace = Timeout.InfiniteTimeSpan;

    /// <summary>Runs a command line and returns its exit code, one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        ParseResult parsed = Parse(args);
        var configuration = new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Grace };
        if (parsed.Action is not HelpAction and not ExampleHelp && parsed.Errors.Count > 0)
            return Refuse(parsed, new Terminal(output, errors, parsed.GetValue(CommonOptions.Json), debug: false));
        return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>Takes a command line apart; what is wrong with it stands in the result.</summary>
    public static ParseResult Parse(string[] args) => CommandTree.Create().Parse(Normalize(args), new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    // The Temporal SDK starts a test server, whose clock may be moved on, as `EXECUTABLE PORT …`.
    private static string[] Normalize(string[] args) => args is [var port, ..] && ushort.TryParse(port, CultureInfo.InvariantCulture, out _) ? ["server", "--port", port, "--time-skipping"] : args;

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        string path = string.Join(' ', CommandTree.PathOf(parsed.CommandResult));
        string problems = string.Join(Environment.NewLine, Messages(parsed));
        Failures.Write(terminal, ExitCode.Usage, $"{problems}{Environment.NewLine}See: {path} --help");
        return ExitCode.Usage;
    }

    // "Required command was not provided" beside "Unrecognized command" tells nothing.
    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        string[] all = [.. parsed.Errors.Select(e => e.Message).Distinct()];
        return parsed.UnmatchedTokens.Count == 0 ? all : all.Where(m => parsed.UnmatchedTokens.Any(t => m.Contains(t, StringComparison.Ordinal))).DefaultIfEmpty(all[0]);
    }
}
