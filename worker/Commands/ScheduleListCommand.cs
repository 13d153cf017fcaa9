using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Workflows;
using Spectre.Console;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation schedule list</c>.</summary>
internal static class ScheduleListCommand
{
    public static Command Create() => new Verb("list", "List schedules.", ["schedule list", "schedule list --json"], RunAsync, [.. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        var rows = new List<ScheduleRow>();
        await foreach (ScheduleListDescription found in client.ListSchedulesAsync(new() { Rpc = new() { CancellationToken = call.Cancel } }).ConfigureAwait(false))
            if (found.Schedule?.Action is ScheduleListActionStartWorkflow { Workflow: nameof(RotationPolicy) })
                rows.Add(await RowAsync(found).ConfigureAwait(false));
        if (call.Terminal.Json)
            call.Terminal.WriteJson(rows);
        else if (rows.Count == 0)
            call.Terminal.Say("There is none. Create one with: rotation schedule create NAME --input @policy.json --cron '30 2 * * *'");
        else
            Show(call, rows);
        return ExitCode.Done;
    }

    private static async Task<ScheduleRow> RowAsync(ScheduleListDescription found) => new(
        found.Id,
        await ScheduleWhen.OfAsync(found.Memo).ConfigureAwait(false),
        found.Schedule!.State.Paused,
        found.Schedule.State.Note ?? "",
        found.Info?.NextActionTimes.Select(t => (DateTimeOffset?)t).FirstOrDefault(),
        found.Info?.RecentActions.Select(a => (DateTimeOffset?)a.StartedAt).LastOrDefault());

    private static void Show(Invocation call, List<ScheduleRow> rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("schedule", "when", "state", "next (UTC)", "last (UTC)", "note");
        foreach (ScheduleRow row in rows)
            table.AddRow(new Text(row.Name), new Text(row.When), new Text(row.Paused ? "paused" : "on"), new Text(Time(row.Next)), new Text(Time(row.Last)), new Text(row.Note));
        call.Terminal.People.Write(table);
    }

    private static string Time(DateTimeOffset? at) => $"{at:yyyy-MM-dd HH:mm}";

    private sealed record ScheduleRow(string Name, string When, bool Paused, string Note, DateTimeOffset? Next, DateTimeOffset? Last);
}
