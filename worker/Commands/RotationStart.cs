using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary>What the <c>start</c> commands share: starts a rotation and waits until its plan stands, or, with <c>--wait</c>, until its end.</summary>
internal static class RotationStart
{
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(30);
    private static readonly Option<string?> Id = new("--id") { Description = "Workflow id. Default: after what is rotated, and the cluster.", HelpName = "ID" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the rotation ends." };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Do not wait for the plan." };

    /// <summary>A command that starts one kind of rotation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Command lines that work.</param>
    /// <param name="workflow">Workflow type.</param>
    /// <param name="input">Its options.</param>
    /// <param name="idOf">Workflow id of a request, unless the caller chooses one.</param>
    /// <param name="summaryOf">Summary that the Temporal UI shows.</param>
    public static Command Create<T>(string name, string description, string[] examples, string workflow, RequestInput<T> input, Func<T, string> idOf, Func<T, string> summaryOf)
        where T : ProcedureRequest
    {
        var command = new Verb(name, description, examples, RunAsync, [.. input.Options, Id, Wait, NoWait, .. ConnectionOptions.All]);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Wait) && result.GetValue(NoWait))
                result.AddError("--wait and --no-wait exclude each other.");
        });
        return command;

        async Task<int> RunAsync(Invocation call)
        {
            T request = await input.ReadAsync(call).ConfigureAwait(false);
            ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
            var options = new WorkflowOptions(call.Value(Id) ?? idOf(request), TaskQueues.Rotation)
            {
                IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
                StaticSummary = summaryOf(request),
                Rpc = new RpcOptions { CancellationToken = call.Cancel },
            };
            return await FollowAsync(client, await client.StartWorkflowAsync(workflow, [request], options).ConfigureAwait(false), call).ConfigureAwait(false);
        }
    }

    private static async Task<int> FollowAsync(ITemporalClient client, WorkflowHandle handle, Invocation call)
    {
        call.Terminal.Warn($"Started {handle.Id}.");
        if (call.Value(Wait))
            return await WatchCommand.FollowAsync(client, handle.Id, call).ConfigureAwait(false);
        if (!call.Value(NoWait))
            return await ShowPlanAsync(client, handle.Id, call).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new StartedDocument(handle.Id, handle.ResultRunId ?? "", null));
        return ExitCode.Done;
    }

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
