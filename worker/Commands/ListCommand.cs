using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Spectre.Console;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation list</c>: rotations, newest first.</summary>
internal static class ListCommand
{
    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Only those of this cluster.", HelpName = "NAME" };
    private static readonly Option<string?> State = new("--state") { Description = "Only those in this state, such as AwaitingApproval.", HelpName = "STATE" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 50, HelpName = "N" };

    public static Command Create()
    {
        State.Validators.Add(Check.OneOf(State, Enum.GetNames<RotationState>()));
        Limit.Validators.Add(Check.Range(Limit, 1, 1000));
        return new Verb(
            "list",
            "List rotations, newest first.",
            ["list", "list --state AwaitingApproval", "list --cluster prod.example.com --json"],
            RunAsync,
            [Cluster, State, Limit, .. ConnectionOptions.All]);
    }

    private static async Task<int> RunAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        var rows = new List<RotationRow>();
        var options = new WorkflowListOptions { Limit = call.Value(Limit), Rpc = new() { CancellationToken = call.Cancel } };
        await foreach (WorkflowExecution execution in client.ListWorkflowsAsync(Query(call), options).ConfigureAwait(false))
            rows.Add(RotationRow.Of(execution));
        if (call.Terminal.Json)
            call.Terminal.WriteJson(rows);
        else
            Show(call, rows);
        return ExitCode.Done;
    }

    private static string Query(Invocation call)
    {
        List<string> conditions = [$"WorkflowType IN ({string.Join(", ", RotationIds.Types.Select(Quote))})"];
        if (call.Value(Cluster) is { } cluster)
            conditions.Add($"{SearchAttributes.Cluster} = {Quote(cluster)}");
        if (call.Value(State) is { } state)
            conditions.Add($"{SearchAttributes.State} = {Quote(Enum.Parse<RotationState>(state, ignoreCase: true).ToString())}");
        return string.Join(" AND ", conditions);
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static void Show(Invocation call, List<RotationRow> rows)
    {
        if (rows.Count == 0)
        {
            call.Terminal.Say("There is none. Start one with: rotation start keypairs --cluster NAME");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("rotation", "cluster", "kind", "state", "step", "started (UTC)");
        foreach (RotationRow row in rows)
            table.AddRow(Text(row.Id), Text(row.Cluster), Text(row.Kind), Text(row.State), Text(row.Step), Text($"{row.StartedAt:yyyy-MM-dd HH:mm:ss}"));
        call.Terminal.People.Write(table);
    }

    private static Text Text(string text) => new(text);
}
