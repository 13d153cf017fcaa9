using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation fleet</c>: the clusters of a fleet, and how to end one early. What else can be said to a rotation can be said to a fleet.</summary>
internal static class FleetCommand
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly Option<string?> Rotations = new Option<string?>("--rotations") { Description = "What becomes of those at work: finish, abandon or cancel. Default: finish.", HelpName = "END" }.With(o => Check.OneOf(o, "finish", "abandon", "cancel"));
    private static readonly Option<string?> Comment = new("--comment", "-m") { Description = "Why, for the report.", HelpName = "TEXT" };

    public static Command Create() => new Verb(
        "fleet",
        "See the clusters of a fleet, or end it early. Start one with: rotation start fleet",
        ["fleet status rotate-fleet-20261125-020000", "fleet stop rotate-fleet-20261125-020000 -m 'incident 4711'"],
        new Verb(
            "status",
            "Show a fleet's waves and its clusters, one row each. Exit code 4 when it waits on a person.",
            ["fleet status rotate-fleet-20261125-020000", "fleet status rotate-fleet-20261125-020000 --json"],
            StatusAsync,
            [RotationArgument.Id, .. ConnectionOptions.All]),
        new Verb(
            "stop",
            "Begin no further cluster, and end the fleet.",
            ["fleet stop rotate-fleet-20261125-020000 -m 'incident 4711'", "fleet stop rotate-fleet-20261125-020000 --rotations cancel"],
            StopAsync,
            [RotationArgument.Id, Rotations, Comment, Caller.As, .. ConnectionOptions.All]));

    private static async Task<int> StatusAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        string id = call.Value(RotationArgument.Id)!;
        var reader = new RotationReader(client);
        RotationStatus status = await reader.StatusAsync(id, call.Cancel).ConfigureAwait(false);
        FleetStatus fleet = await reader.FleetAsync(id, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new FleetDocument(id, status.State, status.Step, status.Doing, status.Gate, fleet.Counts, fleet.Clusters));
        else
            FleetView.Write(call.Terminal, id, status, fleet);
        return status.State.ToExitCode();
    }

    private static async Task<int> StopAsync(Invocation call)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        string id = call.Value(RotationArgument.Id)!;
        var stop = new FleetStop
        {
            Operator = Caller.Of(call),
            Reason = call.Value(Comment) ?? "",
            Rotations = Enum.Parse<FleetStopMode>(call.Value(Rotations) ?? nameof(FleetStopMode.Finish), ignoreCase: true),
        };
        FleetStatus fleet = await StopAsync(client, id, stop, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(fleet);
        else
            call.Terminal.Say($"stop: accepted. {id}: {FleetView.Counts(fleet)}.");
        return ExitCode.Done;
    }

    private static async Task<FleetStatus> StopAsync(ITemporalClient client, string id, FleetStop stop, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(CallLimit);
        try
        {
            return await client.GetWorkflowHandle(id).ExecuteUpdateAsync<FleetStatus>("stop", [stop], new() { Rpc = new() { CancellationToken = limit.Token } }).ConfigureAwait(false);
        }
        catch (WorkflowUpdateRpcTimeoutOrCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw CommandFailure.Unreachable(TemporalFailures.NoWorker, e);
        }
    }

    private sealed record FleetDocument(string Id, RotationState State, string Wave, string Doing, string? Gate, IReadOnlyDictionary<FleetRowState, int> Counts, IReadOnlyList<FleetRow> Clusters);
}
