using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Worker.Connection;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Fleet;
using Rotation.Workflows.Serialization;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start fleet</c>: starts <c>RotateFleet</c> and, with <c>--wait</c>, waits until its end.</summary>
internal static class StartFleetCommand
{
    private static readonly Option<string[]> Clusters = new("--clusters") { Description = "kOps cluster names, canaries first, separated by commas.", HelpName = "NAME,…" };
    private static readonly Option<int?> Canary = new("--canary") { Description = "How many of the first clusters go alone. Default: 1.", HelpName = "N" };
    private static readonly Option<int?> AtOnce = new("--at-once") { Description = "How many clusters are rotated at once. Default: 1.", HelpName = "N" };
    private static readonly Option<string?> OnFailure = new("--on-failure") { Description = "When a cluster is not rotated: stop or continue. Default: stop.", HelpName = "REACTION" };
    private static readonly Option<string?> As = new("--as") { Description = "Who asks, and so cannot approve. Default: ROTATION_USER, else the login name.", HelpName = "WHO" };
    private static readonly Option<string?> Id = new("--id") { Description = "Workflow id. Default: rotate-fleet-TIME.", HelpName = "ID" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the fleet ends." };

    public static Command Create() => new Verb(
        "fleet",
        "Rotate many clusters in waves: a canary first, then so many at once.",
        ["start fleet --clusters a.example.com,b.example.com,c.example.com --at-once 2", "start fleet --input @fleet.json --wait"],
        RunAsync,
        [JsonInput.Option, Clusters, Canary, AtOnce, OnFailure, As, Id, Wait, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        RotateFleetRequest request = await ReadAsync(call).ConfigureAwait(false);
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        var options = new WorkflowOptions(call.Value(Id) ?? $"rotate-fleet-{DateTime.UtcNow:yyyyMMdd-HHmmss}", TaskQueues.Rotation)
        {
            IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
            StaticSummary = $"Rotate {request.Clusters.Count} clusters",
            Rpc = new() { CancellationToken = call.Cancel },
        };
        WorkflowHandle fleet = await client.StartWorkflowAsync(nameof(RotateFleet), [request], options).ConfigureAwait(false);
        call.Terminal.Warn($"Started {fleet.Id}. See: rotation status {fleet.Id}");
        if (call.Value(Wait))
            return await WatchCommand.FollowAsync(client, fleet.Id, call).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new StartedFleet(fleet.Id, fleet.ResultRunId ?? ""));
        return ExitCode.Done;
    }

    private static async Task<RotateFleetRequest> ReadAsync(Invocation call)
    {
        JsonObject input = await JsonInput.ReadAsync(call).ConfigureAwait(false);
        if (call.Value(Clusters) is { Length: > 0 } names)
            JsonInput.Set(input, ["clusters"], new JsonArray([.. names.SelectMany(n => n.Split(',', StringSplitOptions.TrimEntries)).Select(n => new JsonObject { ["cluster"] = n })]));
        if (call.Value(Canary) is { } canary)
            JsonInput.Set(input, ["canary"], canary);
        if (call.Value(AtOnce) is { } atOnce)
            JsonInput.Set(input, ["atOnce"], atOnce);
        if (call.Value(OnFailure) is { } reaction)
            JsonInput.Set(input, ["onFailure"], reaction);
        RotateFleetRequest request = input.Deserialize<RotateFleetRequest>(RotationDataConverter.Json)!;
        if (call.Value(As) is { } who)
            request = request with { RequestedBy = who };
        else if (request.RequestedBy.Length == 0)
            request = request with { RequestedBy = People.Name };
        JsonInput.ThrowIfAny([.. FleetRules.ProblemsOf(request), .. ZoneCheck.ProblemsOf(request)]);
        return request;
    }

    private sealed record StartedFleet(string Id, string RunId);
}
