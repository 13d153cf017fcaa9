using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Workflows;
using Spectre.Console;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation setup</c>: registers the search attributes and looks at the namespace's retention. Running it again changes nothing.</summary>
internal static class SetupCommand
{
    // A rotation takes days; its history must outlive the questions asked about it.
    private static readonly TimeSpan ShortestGoodRetention = TimeSpan.FromDays(7);

    private static string[] Names { get; } = [.. RotationSearchAttributes.All.Select(a => a.Name)];

    public static Command Create() => new Verb(
        "setup",
        "Register the search attributes in a namespace, and check its retention. Can be run again.",
        ["setup", "setup --address temporal.internal:7233 --namespace ops"],
        RunAsync,
        [.. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        IReadOnlyList<string> added = await RegisterAsync(client, call.Cancel).ConfigureAwait(false);
        TimeSpan retention = await RetentionAsync(client, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new SetupDocument(client.Options.Namespace, Names, added, retention.TotalDays));
        else
            Show(call, client.Options.Namespace, added, retention);
        return ExitCode.Done;
    }

    /// <summary>Names of the search attributes that the namespace lacks. Fails when one is there with another type.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(ITemporalClient client, CancellationToken cancel)
    {
        ListSearchAttributesResponse known = await client.Connection.OperatorService.ListSearchAttributesAsync(
            new() { Namespace = client.Options.Namespace }, new RpcOptions { CancellationToken = cancel }).ConfigureAwait(false);
        foreach (string name in Names)
            if (known.CustomAttributes.TryGetValue(name, out IndexedValueType type) && type != IndexedValueType.Keyword)
                throw CommandFailure.Refused($"The search attribute '{name}' exists with the type {type}; it must be Keyword. Remove it first: temporal operator search-attribute remove --name {name}");
        return [.. Names.Where(n => !known.CustomAttributes.ContainsKey(n))];
    }

    /// <summary>Registers what is missing and returns its names. Fails when an attribute is there with another type.</summary>
    public static async Task<IReadOnlyList<string>> RegisterAsync(ITemporalClient client, CancellationToken cancel)
    {
        IReadOnlyList<string> missing = await MissingAsync(client, cancel).ConfigureAwait(false);
        if (missing.Count == 0)
            return missing;
        var request = new AddSearchAttributesRequest { Namespace = client.Options.Namespace };
        foreach (string name in missing)
            request.SearchAttributes.Add(name, IndexedValueType.Keyword);
        try
        {
            await client.Connection.OperatorService.AddSearchAttributesAsync(request, new RpcOptions { CancellationToken = cancel }).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.AlreadyExists)
        {
            // Another setup was faster.
            return [];
        }

        return missing;
    }

    /// <summary>How long the namespace keeps closed workflows. Fails when there is no such namespace.</summary>
    public static async Task<TimeSpan> RetentionAsync(ITemporalClient client, CancellationToken cancel)
    {
        DescribeNamespaceResponse answer = await client.Connection.WorkflowService.DescribeNamespaceAsync(
            new() { Namespace = client.Options.Namespace }, new RpcOptions { CancellationToken = cancel }).ConfigureAwait(false);
        return answer.Config?.WorkflowExecutionRetentionTtl?.ToTimeSpan() ?? TimeSpan.Zero;
    }

    private static void Show(Invocation call, string space, IReadOnlyList<string> added, TimeSpan retention)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("search attribute", "type", "");
        foreach (string name in Names)
            table.AddRow(name, "Keyword", added.Contains(name) ? "[green]registered now[/]" : "was there");
        call.Terminal.People.Write(table);
        call.Terminal.Say($"Namespace '{space}' keeps closed rotations for {retention.TotalDays:0.#} days.");
        if (retention < ShortestGoodRetention)
            call.Terminal.Warn($"warning: that is short; {ShortestGoodRetention.TotalDays:0} days or more keep the report of a rotation at hand.");
    }

    private sealed record SetupDocument(string Namespace, IReadOnlyList<string> SearchAttributes, IReadOnlyList<string> Added, double RetentionDays);
}
