using Rotation.Worker.Terminals;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;
using Spectre.Console;

namespace Rotation.Worker.Demo;

/// <summary>The demo's summary for people.</summary>
internal static class DemoView
{
    public static void Write(Terminal terminal, DemoReport report)
    {
        IAnsiConsole console = terminal.People;
        console.Write(Keysets(report));
        console.Write(Figures(report));
        if (report.Failure is { } failure && report.State != RotationState.Completed)
            console.MarkupLine($"[red]{Markup.Escape(failure)}[/]");
        if (report.Folder is { } folder)
            terminal.Say($"Kept in {folder}");
        console.MarkupLine(report.IsGood ? "[green]All credentials are rotated; nobody was cut off; the old ones are refused.[/]" : "[red]This did not go as it must.[/]");
    }

    private static Table Keysets(DemoReport report)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("keyset", "primary before", "primary after", "distrusted");
        foreach (DemoKeyset keyset in report.Keysets)
            table.AddRow(new Text(keyset.Name), new Text(keyset.PrimaryBefore), new Text(keyset.PrimaryAfter), new Text(string.Join(' ', keyset.Distrusted)));
        return table;
    }

    private static Grid Figures(DemoReport report)
    {
        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow("rotation", StateWords.Coloured(report.State));
        grid.AddRow("steps", Markup.Escape(string.Join(", ", report.Steps.Select(s => $"{s.Name} {Words.Length(TimeSpan.FromSeconds(s.Seconds))}"))));
        grid.AddRow("nodes rolled", $"{report.NodesRolled}");
        grid.AddRow("requests of rightful clients", $"{report.Probe.Requests}, failed {report.Probe.Failed}{(report.Probe.Unanswered > 0 ? $", unanswered while the only API server was replaced {report.Probe.Unanswered}" : "")}");
        grid.AddRow("old admin credential after step 5", $"refused {report.Probe.FailedAfterDistrustOld} of {report.Probe.RequestsAfterDistrustOld} times");
        grid.AddRow("time", Words.Length(TimeSpan.FromSeconds(report.Seconds)));
        return grid;
    }
}
