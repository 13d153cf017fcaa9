using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Spectre.Console;

namespace Rotation.Worker.Views;

/// <summary>A fleet for people: its waves, and one row a cluster.</summary>
internal static class FleetView
{
    public static void Write(Terminal terminal, string id, RotationStatus status, FleetStatus fleet)
    {
        terminal.People.Write(StatusView.Render(id, status));
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("cluster", "wave", "state", "step", "rotation", "");
        foreach (FleetRow row in fleet.Clusters)
            table.AddRow(new Text(row.Cluster), new Text($"{row.Wave}"), new Text(StateOf(row)), new Text(row.Step), new Text(row.Rotation), new Text(row.Note ?? ""));
        table.Caption = new TableTitle(Counts(fleet));
        terminal.People.Write(table);
    }

    /// <summary>How many clusters are in each state, in words.</summary>
    public static string Counts(FleetStatus fleet) => string.Join(", ", fleet.Counts.Select(c => $"{c.Value} {c.Key.ToString().ToLowerInvariant()}"));

    private static string StateOf(FleetRow row) => row.State == FleetRowState.Running && row.RotationState.Length > 0 && row.RotationState != nameof(RotationState.Running)
        ? $"running ({row.RotationState})"
        : row.State.ToString().ToLowerInvariant();
}
