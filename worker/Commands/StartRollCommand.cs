using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation start roll</c>: starts <c>RollCluster</c> and shows its plan; with <c>--plan</c> that is all it does, with <c>--wait</c> it stays until the end.</summary>
internal static class StartRollCommand
{
    private static readonly TimeSpan PlanLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly Option<string?> Id = new("--id") { Description = "Workflow id. Default: roll-CLUSTER.", HelpName = "ID" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the roll ends." };

    // Each option with the path of the field that it sets. Names are those of kops' rolling-update cluster, where it has them.
    private static readonly (Option Option, string[] Path)[] Fields =
    [
        (new Option<string?>("--cluster") { Description = "kOps cluster name, a DNS name.", HelpName = "NAME" }, ["cluster"]),
        (new Option<string?>("--state-store") { Description = "kOps state store. Default: the worker's.", HelpName = "s3://…" }, ["stateStore"]),
        (new Option<string[]>("--instance-group") { Description = "Instance groups to roll, separated by commas. Default: all.", HelpName = "NAME,…" }, ["instanceGroups"]),
        (new Option<string[]>("--instance-group-roles") { Description = "Roles to roll: bastion, control-plane, apiserver, node. Default: all.", HelpName = "ROLE,…" }, ["roles"]),
        (new Option<string[]>("--instances") { Description = "The only instances to roll. Default: every one that needs the update.", HelpName = "ID,…" }, ["instances"]),
        (new Option<bool>("--force") { Description = "Roll instances that need no update too." }, ["force"]),
        (new Option<bool>("--cloudonly") { Description = "Neither drain nor validate: for a cluster whose API does not answer." }, ["cloudOnly"]),
        (new Option<bool>("--plan") { Description = "Make the plan and end; nothing is changed." }, ["planOnly"]),
        (new Option<string?>("--engine") { Description = "Who replaces the nodes: durable or kops. Default: durable.", HelpName = "ENGINE" }, ["roll", "engine"]),
        (new Option<string?>("--max-unavailable") { Description = "Nodes of a worker group away at once, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxUnavailable"]),
        (new Option<string?>("--max-surge") { Description = "Nodes of a worker group started ahead, number or percentage. Default: 1.", HelpName = "N|N%" }, ["roll", "maxSurge"]),
        (new Option<string?>("--cluster-budget") { Description = "Worker nodes of the whole cluster in some stage of their replacement at once. Default: 10%.", HelpName = "N|N%" }, ["roll", "clusterBudget"]),
        (new Option<string?>("--max-failures") { Description = "Replacements of a group that may be no good. Default: 10%.", HelpName = "N|N%" }, ["roll", "maxFailures"]),
        (new Option<string?>("--on-failure") { Description = "When nodes are left that it cannot replace: hold or fail. Default: hold.", HelpName = "REACTION" }, ["roll", "onFailure"]),
        (JsonInput.Duration("--drain-timeout", "How long a drain may take. Default: 15m."), ["roll", "drainTimeout"]),
        (JsonInput.Duration("--validation-timeout", "How long a replacement, and then the cluster, may take to validate. Default: 15m."), ["roll", "validationTimeout"]),
        (JsonInput.Duration("--post-drain-delay", "Time left to a node after its last pod has gone. Default: 0s."), ["roll", "postDrainDelay"]),
        (JsonInput.Duration("--bastion-interval", "Least time between the end of a bastion and its replacement counting. Default: 0s."), ["roll", "bastionInterval"]),
        (JsonInput.Duration("--control-plane-interval", "The same for the control plane. Default: 0s."), ["roll", "controlPlaneInterval"]),
        (JsonInput.Duration("--node-interval", "The same for workers. Default: 0s."), ["roll", "nodeInterval"]),
        (new Option<int?>("--validate-count") { Description = "How often in a row the cluster must validate. Default: 2.", HelpName = "N" }, ["roll", "validateCount"]),
    ];

    public static Command Create() => new Verb(
        "roll",
        "Replace the nodes of a cluster that need the update.",
        ["start roll --cluster prod.example.com --plan", "start roll --cluster prod.example.com --instance-group nodes-us-east-1a --max-surge 10% --wait", "start roll --cluster prod.example.com --instance-group-roles node --cluster-budget 20%"],
        RunAsync,
        [.. JsonInput.OptionsOf(Fields), Id, Wait, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        RollClusterRequest request = await JsonInput.ReadAsync<RollClusterRequest>(call, Fields).ConfigureAwait(false);
        JsonInput.ThrowIfAny(RequestRules.ProblemsOf(request));
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        WorkflowHandle roll = await client.StartWorkflowAsync(
            nameof(RollCluster),
            [request],
            new WorkflowOptions(call.Value(Id) ?? RotationIds.OfRoll(request.Cluster), TaskQueues.Rotation)
            {
                IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
                StaticSummary = $"Roll {request.Cluster}",
                Rpc = new RpcOptions { CancellationToken = call.Cancel },
            }).ConfigureAwait(false);
        call.Terminal.Warn($"Started {roll.Id}.");
        var reader = new RotationReader(client);
        RollResult? result = call.Value(Wait) || request.PlanOnly ? await EndOfAsync(roll, reader, call).ConfigureAwait(false) : null;
        RollPlanView plan = request.Roll.Engine == RollEngine.Kops ? new() : await PlanOfAsync(roll.Id, reader, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new RollDocument(roll.Id, plan, result));
        else
            RollView.Write(call.Terminal, roll.Id, plan, result);
        return ExitCode.Done;
    }

    private static async Task<RollResult> EndOfAsync(WorkflowHandle roll, RotationReader reader, Invocation call)
    {
        Task<RollResult> end = roll.GetResultAsync<RollResult>(rpcOptions: new() { CancellationToken = call.Cancel });
        string? held = null;
        while (await Task.WhenAny(end, Task.Delay(Pause, call.Cancel)).ConfigureAwait(false) != end)
        {
            call.Cancel.ThrowIfCancellationRequested();
            RollStatus? status = await reader.QueryOrNullAsync<RollStatus>(roll.Id, "status", call.Cancel).ConfigureAwait(false);
            if (status?.Held is { } why && why != held)
                call.Terminal.Warn($"It holds: {why}. To go on: rotation roll retry {roll.Id}, or skip, or force.");
            held = status?.Held ?? held;
        }

        return await end.ConfigureAwait(false);
    }

    private static async Task<RollPlanView> PlanOfAsync(string id, RotationReader reader, CancellationToken cancel)
    {
        for (DateTime end = DateTime.UtcNow + PlanLimit; DateTime.UtcNow < end; await Task.Delay(Pause, cancel).ConfigureAwait(false))
            if (await reader.QueryOrNullAsync<RollPlanView>(id, "plan", cancel).ConfigureAwait(false) is { IsMade: true } plan)
                return plan;
        throw CommandFailure.Unreachable($"{id} is started, but no worker has made its plan within {PlanLimit.TotalSeconds:0} seconds. Start one with: rotation worker");
    }

    private sealed record RollDocument(string Id, RollPlanView Plan, RollResult? Result);
}
