using System.CommandLine;
using Rotation.Worker.Observability;
using Rotation.Worker.Terminals;

namespace Rotation.Worker.Commands;

/// <summary>A command with examples in its help, whose failures become exit codes.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, string[] examples, Func<Invocation, Task<int>> run, params Symbol[] symbols)
        : this(name, description, examples, symbols) =>
        // On a thread of its own from the start: a signal that comes before the action has returned its task once would end the process at once, its work cut off.
        SetAction((arguments, cancel) => Task.Run(() => RunAsync(run, arguments, cancel), CancellationToken.None));

    /// <summary>A command that only has commands below it.</summary>
    public Verb(string name, string description, string[] examples, params Symbol[] symbols)
        : base(name, description)
    {
        Examples = examples;
        foreach (Symbol symbol in symbols)
            Add(this, symbol);
    }

    /// <summary>Command lines that work, without the leading <c>rotation</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    private static void Add(Command command, Symbol symbol)
    {
        switch (symbol)
        {
            case Option option:
                command.Options.Add(option);
                break;
            case Argument argument:
                command.Arguments.Add(argument);
                break;
            case Command below:
                command.Subcommands.Add(below);
                break;
        }
    }

    private static async Task<int> RunAsync(Func<Invocation, Task<int>> run, ParseResult arguments, CancellationToken cancel)
    {
        using var interrupt = new SecondInterrupt();
        Terminal terminal = CommonOptions.Terminal(arguments);
        // A worker has its own.
        using Telemetry? telemetry = arguments.CommandResult.Command.Name == "worker" ? null : Telemetry.ForCommand();
        try
        {
            return await run(new Invocation(arguments, terminal, cancel)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Failures.Report(terminal, e, cancel);
        }
    }
}
