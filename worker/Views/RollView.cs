using System.Globalization;
using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Spectre.Console;

namespace Rotation.Worker.Views;

/// <summary>The plan of a roll, and its result where it has ended, for people.</summary>
internal static class RollView
{
    public static void Write(Terminal terminal, string id, RollPlanView plan, RollResult? result)
    {
        if (plan.Groups.Count > 0)
            terminal.People.Write(Groups(plan));
        if (plan.IsMade)
            terminal.Say($"{plan.Nodes} instances, of the workers at most {plan.Budget} at once; about {plan.Forecast} when nothing goes wrong.");
        if (result is null)
            terminal.Say($"{id} rolls. See: rotation roll status {id}");
        else
            terminal.Say(Words(result));
    }

    private static Table Groups(RollPlanView plan)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("instance group", "role", "size", "surge", "unavailable", "instance", "zone", "why");
        foreach (PlannedGroup group in plan.Groups)
            table.AddRow(
                new Text(group.Name), new Text(RollRules.NameOf(group.Role)), Number(group.Size), Number(group.Surge), Number(group.Unavailable),
                Lines(group.Nodes.Select(n => n.Node ?? n.Instance)), Lines(group.Nodes.Select(n => n.Zone)), Lines(group.Nodes.Select(n => n.Why)));
        return table;
    }

    private static string Words(RollResult result)
    {
        string text = $"{result.NodesRolled} instances were replaced{(result.Stopped ? "; it was stopped before its end" : "")}.";
        foreach ((string what, IReadOnlyList<string> ids) in new[] { ("left as they are", result.Skipped), ("drained by force", result.Forced), ("parked", result.Parked), ("not replaced well", result.Failed) })
            if (ids.Count > 0)
                text += $" {char.ToUpperInvariant(what[0])}{what[1..]}: {string.Join(", ", ids)}.";
        return result.ScaleDownHeld ? text + " cluster-autoscaler is still kept from scaling down: take the annotations back as docs/rolling-update.md says." : text;
    }

    private static Text Number(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    private static Text Lines(IEnumerable<string> lines) => new(string.Join(Environment.NewLine, lines));
}
