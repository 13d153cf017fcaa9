using Rotation.Worker.Rotations;
using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Spectre.Console;

namespace Rotation.Worker.Views;

/// <summary>A plan for people.</summary>
internal static class PlanView
{
    public static void Write(Terminal terminal, AnyPlan plan)
    {
        IAnsiConsole console = terminal.People;
        console.Write(new Markup($"[bold]{Markup.Escape(plan.Cluster)}[/], kops {Markup.Escape(plan.KopsVersion)}, {(plan.Keysets.Count > 0 ? $"{plan.Keysets.Count} keysets, " : "")}{plan.Instances.Count} instances a roll{(plan.Forecast.Value > TimeSpan.Zero ? $", forecast {plan.Forecast}" : "")}{(plan.Round > 1 ? $", round {plan.Round}" : "")}{Environment.NewLine}"));
        console.Write(Steps(plan));
        if (plan.Keysets.Count > 0)
            console.Write(Keysets(plan));
        foreach (Finding finding in plan.Findings)
            console.Write(new Markup($"[{Colour(finding.Severity)}]{finding.Severity.ToString().ToLowerInvariant()}[/] {Markup.Escape(finding.Check)}: {Markup.Escape(finding.Message)}{Environment.NewLine}"));
        terminal.Say($"plan hash {plan.PlanHash}");
    }

    private static Table Steps(AnyPlan plan)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowRowSeparators = true };
        table.AddColumns("step", "gate", "commands", "way back");
        foreach (PlannedStep step in plan.Steps)
            table.AddRow(new Text(step.Name), new Text(step.Gate ?? ""), new Text(Does(step)), new Text(Lines(step.WayBack)));
        return table;
    }

    private static Table Keysets(AnyPlan plan)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("keyset", "primary", "trusted");
        foreach (PlannedKeyset keyset in plan.Keysets)
            table.AddRow(new Text(keyset.Name), new Text(keyset.PrimaryId), new Text(Lines(keyset.TrustedIds)));
        return table;
    }

    private static string Does(PlannedStep step) => step switch
    {
        { Skip: { } why } => $"skipped: {why}",
        { Done: { } why } => $"done: {why}",
        { Hold: { } hold } => $"waits {hold}{Environment.NewLine}{Lines(step.Commands)}",
        _ => Lines(step.Commands),
    };

    private static string Lines(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines);

    private static string Colour(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "red",
        FindingSeverity.Warning => "yellow",
        _ => "grey",
    };
}
