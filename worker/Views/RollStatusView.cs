using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Spectre.Console;

namespace Rotation.Worker.Views;

/// <summary>Where a rolling update is, for people: its instance groups, the nodes that are begun, and what it waits for.</summary>
internal static class RollStatusView
{
    public static void Write(Terminal terminal, string id, RollStatus status)
    {
        terminal.Say($"{id}: {status.Done} of {status.Total} instances are replaced{(status.Paused ? ", paused" : "")}.");
        if (status.Groups.Count > 0)
            terminal.People.Write(Groups(status));
        if (status.Nodes.Count > 0)
            terminal.People.Write(Nodes(status));
        if (status.Held is not { } held)
            return;
        terminal.Say($"It holds: {held}");
        terminal.Say($"to go on: rotation roll retry {id}, rotation roll skip {id}, or, from two people, rotation roll force {id} --instances ID");
        terminal.Say($"in the Temporal UI, with the signal retry, skip or force: {status.SendNext?.ReplaceLineEndings(" ")}");
    }

    private static Table Groups(RollStatus status)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("instance group", "state", "replaced", "at once", "workflow");
        foreach (GroupStatus group in status.Groups)
            table.AddRow(new Text(group.Name), new Text(group.State), new Text($"{group.Done} of {group.Total}"), new Text($"{group.Budget}"), new Text(group.WorkflowId));
        return table;
    }

    private static Table Nodes(RollStatus status)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("node", "instance", "stage", "for", "attempt", "");
        foreach (NodeStatus node in status.Nodes)
            table.AddRow(new Text(node.Node), new Text(node.Instance), new Text(node.Stage), new Text(Words.Length(DateTimeOffset.UtcNow - node.Since)), new Text($"{node.Attempt}"), new Text(node.Reason ?? ""));
        return table;
    }
}
