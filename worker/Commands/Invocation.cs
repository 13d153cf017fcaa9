using System.CommandLine;
using Rotation.Worker.Terminals;

namespace Rotation.Worker.Commands;

/// <summary>What a command's action gets: its arguments, where to write, and the token that Ctrl-C cancels.</summary>
internal sealed record Invocation(ParseResult Arguments, Terminal Terminal, CancellationToken Cancel)
{
    public T? Value<T>(Option<T> option) => Arguments.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Arguments.GetValue(argument);

    /// <summary>Whether the option stands on the command line.</summary>
    public bool IsGiven(Option option) => Arguments.GetResult(option) is { Implicit: false };
}
