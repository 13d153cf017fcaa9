using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Rotation.Worker.CodecServer;

namespace Rotation.Worker.Commands;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>Examples of the whole program.</summary>
    public static IReadOnlyList<string> Examples { get; } =
        ["start keypairs --cluster prod.example.com", "watch rotate-keypairs-prod.example.com", "approve rotate-keypairs-prod.example.com --comment 'plan read'"];

    public static RootCommand Create()
    {
        var root = new RootCommand("Durable rotation of every credential of a kOps Kubernetes cluster.")
        {
            ServerCommand.Create(),
            WorkerCommand.Create(),
            SetupCommand.Create(),
            CheckCommand.Create(),
            DemoCommand.Create(),
            LabCommand.Create(),
            StartCommand.Create(),
            FleetCommand.Create(),
            RollCommand.Create(),
            ScheduleCommand.Create(),
            StatusCommand.Create(),
            PlanCommand.Create(),
            ReportCommand.Create(),
            ListCommand.Create(),
            WatchCommand.Create(),
            CodecServerCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (Command call in OperatorCommands.Create())
            root.Add(call);
        root.Options.Add(CommonOptions.Json);
        root.Options.Add(CommonOptions.Debug);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The words that lead to a command, such as <c>rotation start keypairs</c>.</summary>
    public static IEnumerable<string> PathOf(CommandResult result) => result.Parent is CommandResult above ? PathOf(above).Append(result.Command.Name) : ["rotation"];
}
