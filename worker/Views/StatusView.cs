using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rotation.Worker.Views;

/// <summary>A rotation's status for people: state, steps, what it waits for and the command that goes on.</summary>
internal static class StatusView
{
    private const int BarWidth = 30;

    public static void Write(Terminal terminal, string id, RotationStatus status) => terminal.People.Write(Render(id, status));

    public static IRenderable Render(string id, RotationStatus status, RollStatus? roll = null)
    {
        List<IRenderable> rows = [Head(id, status), Steps(status), StepBar(status)];
        if (roll is { Total: > 0 })
            rows.Add(RollBar(roll));
        if (status.LastFailure is { } failure)
            rows.Add(new Markup($"[red]last failure:[/] {Markup.Escape(failure)}"));
        if (status.LastRefusal is { } refusal)
            rows.Add(new Markup($"[yellow]last refusal:[/] {Markup.Escape(refusal)}"));
        rows.AddRange(Next(id, status));
        return new Rows(rows);
    }

    private static Markup Head(string id, RotationStatus status) =>
        new($"[bold]{Markup.Escape(status.Cluster)}[/]  {StateWords.Coloured(status.State)}  {Markup.Escape(id)}{Environment.NewLine}{Markup.Escape(status.Doing)}");

    private static Table Steps(RotationStatus status)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("step", "state", "time", "");
        foreach (StepStatus step in status.Steps)
            table.AddRow(Markup.Escape(step.Name), StateWords.Coloured(step.State), Time(step), Markup.Escape(step.Note ?? ""));
        table.Caption = new TableTitle($"{status.NodesRolled} nodes rolled, {status.Keysets.Count(k => k.Staged.Length > 0)} of {status.Keysets.Count} keysets staged");
        return table;
    }

    private static Markup StepBar(RotationStatus status)
    {
        int done = status.Steps.Count(s => s.State is StepState.Done or StepState.Skipped);
        return new Markup($"steps {Bar(done, status.Steps.Count)} {done} of {status.Steps.Count}");
    }

    private static Markup RollBar(RollStatus roll)
    {
        string doing = roll.Doing.Count == 0 ? "" : $"  {string.Join(", ", roll.Doing)}";
        return new Markup($"nodes {Bar(roll.Done, roll.Total)} {roll.Done} of {roll.Total}{(roll.Paused ? ", paused" : "")}{Markup.Escape(doing)}");
    }

    private static string Bar(int done, int total)
    {
        int full = total == 0 ? 0 : BarWidth * Math.Min(done, total) / total;
        return $"[green]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Time(StepStatus step) => step switch
    {
        { Seconds: > 0 } => Words.Length(TimeSpan.FromSeconds(step.Seconds)),
        { State: StepState.Running, StartedAt: { } started } => Words.Length(DateTimeOffset.UtcNow - started) + " …",
        _ => "",
    };

    private static IEnumerable<IRenderable> Next(string id, RotationStatus status)
    {
        if (status.Gate is { } gate)
        {
            string deadline = status.GateDeadline is { } end ? $", until {end:yyyy-MM-dd HH:mm} UTC" : "";
            string by = status.ApprovedBy.Count > 0 ? $"; approved by {string.Join(", ", status.ApprovedBy)}" : "";
            yield return new Markup($"[yellow]waits at the gate {Markup.Escape(gate + deadline + by)}[/]");
            foreach (string seen in status.Evidence)
                yield return new Markup($"  · {Markup.Escape(seen)}");
            yield return new Markup($"to go on: [bold]rotation approve {Markup.Escape(id)} --gate {Markup.Escape(gate)} --plan-hash {status.PlanHash}[/]");
        }
        else if (status.State == RotationState.Paused)
        {
            yield return new Markup($"to go on: [bold]rotation resume {Markup.Escape(id)}[/], to go back: [bold]rotation rollback {Markup.Escape(id)}[/]");
        }

        if (status.SendNext is { } json)
            yield return new Markup($"in the Temporal UI: {Markup.Escape(json)}");
    }
}
