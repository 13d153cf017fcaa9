using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start keypairs</c>: starts <c>RotateKeypairs</c> and waits until its plan stands, or, with <c>--wait</c>, until its end.</summary>
internal static class StartKeypairsCommand
{
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(30);
    private static readonly Option<string?> Id = new("--id") { Description = "Workflow id. Default: rotate-keypairs-CLUSTER.", HelpName = "ID" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the rotation ends." };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Do not wait for the plan." };

    public static Command Create()
    {
        var command = new Verb(
            "keypairs",
            "Rotate the keypairs of a cluster's keysets, in six steps with gates.",
            [
                "start keypairs --cluster prod.example.com", "start keypairs --cluster prod.example.com --keysets kubernetes-ca,service-account --on-failure rollback",
                "start keypairs --input @rotation.json --wait", "start keypairs --input '{\"cluster\":\"lab.example.com\",\"approvals\":{\"auto\":true}}'",
            ],
            RunAsync,
            [.. KeypairsInput.Options, Id, Wait, NoWait, .. ConnectionOptions.All]);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Wait) && result.GetValue(NoWait))
                result.AddError("--wait and --no-wait exclude each other.");
        });
        return command;
    }

    private static async Task<int> RunAsync(Invocation call)
    {
        RotateKeypairsRequest request = await KeypairsInput.ReadAsync(call).ConfigureAwait(false);
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        WorkflowHandle handle = await StartAsync(client, request, call).ConfigureAwait(false);
        call.Terminal.Warn($"Started {handle.Id}.");
        if (call.Value(Wait))
            return await WatchCommand.FollowAsync(client, handle.Id, call).ConfigureAwait(false);
        if (!call.Value(NoWait))
            return await ShowPlanAsync(client, handle.Id, call).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new StartedDocument(handle.Id, handle.ResultRunId ?? "", null));
        return ExitCode.Done;
    }

    private static Task<WorkflowHandle> StartAsync(ITemporalClient client, RotateKeypairsRequest request, Invocation call) => client.StartWorkflowAsync(
        RotationIds.KeypairsType,
        [request],
        new WorkflowOptions(call.Value(Id) ?? RotationIds.OfKeypairs(request.Cluster), TaskQueues.Rotation)
        {
            IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
            StaticSummary = $"Rotate the keypairs of {request.Cluster}",
            Rpc = new RpcOptions { CancellationToken = call.Cancel },
        });

    private static async Task<int> ShowPlanAsync(ITemporalClient client, string id, Invocation call)
    {
        var reader = new RotationReader(client);
        RotationStatus? status = await reader.StatusWhenAsync(id, s => s.PlanHash.Length > 0 || s.State.IsEnd(), PlanLimit, call.Cancel).ConfigureAwait(false);
        if (status is null)
            throw CommandFailure.Unreachable($"{id} is started, but no worker has made its plan within {PlanLimit.TotalSeconds:0} seconds. Start one with: rotation worker");
        if (status.State.IsEnd() && status.State != RotationState.Completed)
            await client.GetWorkflowHandle(id).GetResultAsync(rpcOptions: new() { CancellationToken = call.Cancel }).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new StartedDocument(id, "", status));
        else
            StatusView.Write(call.Terminal, id, status);
        return status.State.ToExitCode();
    }

    private sealed record StartedDocument(string Id, string RunId, RotationStatus? Status);
}
