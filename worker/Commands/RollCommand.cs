using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation roll</c>: a rolling update, by itself or inside a rotation: where it is, and what people say to it. Each call is the signal of the same name.</summary>
internal static class RollCommand
{
    private static readonly Argument<string> Id = new("roll") { Description = "Workflow id of the rolling update, such as roll-prod.example.com, or of one of its instance groups." };
    private static readonly Option<string[]> Instances = new("--instances") { Description = "Instances that are meant, separated by commas. Default: every one that is parked or failed; force must name them.", HelpName = "ID,…" };
    private static readonly Option<string?> Comment = new("--comment", "-m") { Description = "Why, for the record.", HelpName = "TEXT" };

    public static Command Create() => new Verb(
        "roll",
        "See a rolling update, pause it, and say what becomes of nodes that it could not replace. Start one with: rotation start roll",
        ["roll status roll-prod.example.com", "roll retry roll-prod.example.com -m 'the budget was mended'"],
        new Verb(
            "status",
            "Show the instance groups of a rolling update and the nodes that are begun. Exit code 4 when it waits on a person.",
            ["roll status roll-prod.example.com", "roll status roll-prod.example.com --json"],
            StatusAsync,
            [Id, .. ConnectionOptions.All]),
        Plain("pause", "Begin no further node."),
        Plain("resume", "Go on after a pause; groups that hold try again."),
        Plain("stop", "End when the nodes that are begun are done."),
        OfHeld("retry", "Try the nodes again that it could not replace."),
        OfHeld("skip", "Leave the nodes as they are that it could not replace."),
        OfHeld("force", "Drain nodes by force. It does when two people have asked for it.", " --instances i-0123456789abcdef0"));

    private static Verb Plain(string name, string description) =>
        new(name, description, [$"roll {name} roll-prod.example.com"], call => SayAsync(call, name, []), [Id, .. ConnectionOptions.All]);

    private static Verb OfHeld(string name, string description, string more = "") =>
        new(name, description, [$"roll {name} roll-prod.example.com{more} -m 'why'"], call => SayToHeldAsync(call, name), [Id, Instances, Comment, Caller.As, .. ConnectionOptions.All]);

    private static async Task<int> StatusAsync(Invocation call)
    {
        var reader = new RotationReader(await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false));
        string id = call.Value(Id)!;
        RollStatus status = await reader.RollAsync(id, call.Cancel).ConfigureAwait(false);
        List<NodeStatus> nodes = [.. status.Nodes];
        foreach (GroupStatus group in status.Groups.Where(g => g.State is "rolling" or "held"))
            nodes.AddRange((await reader.RollAsync(group.WorkflowId, call.Cancel).ConfigureAwait(false)).Nodes);
        status = status with { Nodes = nodes };
        if (call.Terminal.Json)
            call.Terminal.WriteJson(status);
        else
            RollStatusView.Write(call.Terminal, id, status);
        return status.Held is null ? ExitCode.Done : ExitCode.Waiting;
    }

    private static async Task<int> SayToHeldAsync(Invocation call, string signal)
    {
        string[] instances = [.. (call.Value(Instances) ?? []).SelectMany(i => i.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (signal == "force" && instances.Length == 0)
            throw new CommandFailure(ExitCode.Usage, "--instances: name the instances that are to be drained by force; 'rotation roll status' shows them.");
        return await SayAsync(call, signal, [new RollCall { Operator = Caller.Of(call), Reason = call.Value(Comment) ?? "", Instances = instances }]).ConfigureAwait(false);
    }

    // A signal is never refused by the workflow, so what does not fit is refused here.
    private static async Task<int> SayAsync(Invocation call, string signal, object[] content)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        string id = call.Value(Id)!;
        var reader = new RotationReader(client);
        RollStatus status = await reader.RollAsync(id, call.Cancel).ConfigureAwait(false);
        if (await reader.HasEndedAsync(id, call.Cancel).ConfigureAwait(false))
            throw CommandFailure.Refused($"{id} has ended; nothing was sent.");
        if (content.Length > 0 && status.Held is null)
            throw CommandFailure.Refused($"{id} does not hold: it has replaced {status.Done} of {status.Total}. Nothing was sent.");
        await client.GetWorkflowHandle(id).SignalAsync(signal, content, new() { Rpc = new() { CancellationToken = call.Cancel } }).ConfigureAwait(false);
        call.Terminal.Say($"{signal}: sent. See: rotation roll status {id}");
        return ExitCode.Done;
    }
}
