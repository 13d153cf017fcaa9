using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Spectre.Console;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation list</c>: rotations, newest first.</summary>
internal static class ListCommand
{
    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Only those of this cluster.", HelpName = "NAME" };
    private static readonly Option<string?> State = StateOption();
    private static readonly Option<int> Limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 50, HelpName = "N" }.With(o => Check.Range(o, 1, 1000));

    public static Command Create() => new Verb(
        "list",
        "List rotations, newest first.",
        ["list", "list --state AwaitingApproval", "list --cluster prod.example.com --json"],
        RunAsync,
        [Cluster, State, Limit, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        var rows = new List<RotationRow>();
        var options = new WorkflowListOptions { Limit = call.Value(Limit), Rpc = new() { CancellationToken = call.Cancel } };
        await foreach (WorkflowExecution execution in client.ListWorkflowsAsync(Query(call), options).ConfigureAwait(false))
            rows.Add(RotationRow.Of(execution));
        IReadOnlyDictionary<string, string> locks = await HeldLocks.ReadAsync(client, call.Cancel).ConfigureAwait(false);
        rows = [.. rows.Select(r => r with { Lock = locks.GetValueOrDefault(r.Id, "") })];
        if (call.Terminal.Json)
            call.Terminal.WriteJson(rows);
        else
            Show(call, rows);
        return ExitCode.Done;
    }

    private static Option<string?> StateOption()
    {
        string[] states = Enum.GetNames<RotationState>();
        Option<string?> option = new Option<string?>("--state") { Description = "Only those in this state, such as AwaitingApproval.", HelpName = "STATE" }.With(o => Check.OneOf(o, states));
        option.CompletionSources.Add(states);
        return option;
    }

    private static string Query(Invocation call)
    {
        List<string> conditions = [$"WorkflowType IN ({string.Join(", ", RotationIds.Types.Select(Quote))})"];
        if (call.Value(Cluster) is { } cluster)
            conditions.Add($"{RotationSearchAttributes.Cluster.Name} = {Quote(cluster)}");
        if (call.Value(State) is { } state)
            conditions.Add($"{RotationSearchAttributes.State.Name} = {Quote(Enum.Parse<RotationState>(state, ignoreCase: true).ToString())}");
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
        table.AddColumns("rotation", "cluster", "kind", "state", "step", "lock", "started (UTC)");
        foreach (RotationRow row in rows)
            table.AddRow(Text(row.Id), Text(row.Cluster), Text(row.Kind), Text(row.State), Text(row.Step), Text(row.Lock), Text($"{row.StartedAt:yyyy-MM-dd HH:mm:ss}"));
        call.Terminal.People.Write(table);
    }

    private static Text Text(string text) => new(text);
}
