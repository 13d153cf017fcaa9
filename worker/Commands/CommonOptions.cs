using System.CommandLine;
using Rotation.Worker.Terminals;

namespace Rotation.Worker.Commands;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write one JSON document on standard output, everything else on standard error.", Recursive = true };

    public static Option<bool> Debug { get; } = new("--debug") { Description = "Show the stack trace of a failure, and log everything.", Recursive = true };

    public static Terminal Terminal(ParseResult arguments) => new(
        arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error, arguments.GetValue(Json), arguments.GetValue(Debug));
}
