using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rotation.Worker.Commands;

/// <summary>The help of a command, then its examples, and for the whole program its exit codes.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        IReadOnlyList<string> examples = command is Verb verb ? verb.Examples : CommandTree.Examples;
        output.WriteLine("Examples:");
        foreach (string example in examples)
            output.WriteLine($"  rotation {example}");
        if (command is RootCommand)
            WriteExitCodes(output);
        return ExitCode.Done;
    }

    private static void WriteExitCodes(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach ((int code, string meaning) in ExitCode.Table)
            output.WriteLine($"  {code,-4} {meaning}");
    }
}
