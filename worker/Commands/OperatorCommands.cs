using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary>
/// What people say to a rotation: <c>approve, reject, pause, resume, rollback, extend</c>. Each is the update of the same name, so that a call that does
/// not fit is refused in words and exit code 3, and one that is accepted is in the history.
/// </summary>
internal static class OperatorCommands
{
    private static readonly Option<string?> Gate = new("--gate") { Description = "Gate that is meant, such as 3-promote. Default: the one it waits at.", HelpName = "GATE" };
    private static readonly Option<string?> Comment = new("--comment", "-m") { Description = "Why, for the report.", HelpName = "TEXT" };
    private static readonly Option<string?> PlanHash = new("--plan-hash") { Description = "The plan that you read. Default: the plan as it stands.", HelpName = "HASH" };
    private static readonly Option<string?> Token = TokenOption();
    private static readonly Option<string?> ToStep = new("--to-step") { Description = "Step to undo last, such as 2-export-ca. Default: back to the start.", HelpName = "STEP" };
    private static readonly Option<bool> Force = new("--force") { Description = "Needed from step 5 on: nodes are replaced by force." };
    private static readonly Option<bool> Accept = new("--force") { Description = "Accept what was found instead of the forecast, after the error UnexpectedUpdateCount." };
    private static readonly Option<string?> By = Duration();
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    public static IEnumerable<Command> Create() =>
    [
        Call("approve", "Approve the gate at which a rotation waits.", ["approve rotate-keypairs-prod.example.com --gate 3-promote -m 'every client has the new CA'"], ApprovalAsync, Gate, PlanHash, Token),
        Call("reject", "Reject a rotation at its gate: it goes back to the start.", ["reject rotate-keypairs-prod.example.com -m 'not this week'"], ApprovalAsync, Gate, PlanHash, Token),
        Call("pause", "Stop a rotation before its next action.", ["pause rotate-keypairs-prod.example.com -m 'incident 4711'"], OperatorCallAsync),
        Call("resume", "Go on after a pause, or try again what failed.", ["resume rotate-keypairs-prod.example.com", "resume rotate-keypairs-prod.example.com --force -m 'a node joined meanwhile'"], OperatorCallAsync, Accept),
        Call("rollback", "Take a rotation back, newest step first.", ["rollback rotate-keypairs-prod.example.com -m 'clients cut off'", "rollback rotate-keypairs-prod.example.com --to-step 3-promote --force --yes"], OperatorCallAsync, ToStep, Force),
        Call("extend", "Give the gate at which a rotation waits more time.", ["extend rotate-keypairs-prod.example.com --by 24h"], OperatorCallAsync, By),
    ];

    private static Verb Call(string name, string description, string[] examples, Func<Invocation, RotationReader, Task<object>> input, params Option[] own) =>
        new(name, description, examples, call => RunAsync(call, name, input), [RotationArgument.Id, .. own, Comment, Caller.As, Yes, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call, string name, Func<Invocation, RotationReader, Task<object>> input)
    {
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        string id = call.Value(RotationArgument.Id)!;
        var reader = new RotationReader(client);
        object content = await input(call, reader).ConfigureAwait(false);
        Confirm(call, name, id, content);
        await UpdateAsync(client, id, name == "extend" ? "extendGate" : name, content, call.Cancel).ConfigureAwait(false);
        RotationStatus status = await reader.StatusAsync(id, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(status);
        else
            call.Terminal.Say($"{name}: accepted. {id} is {Views.StateWords.Of(status.State)}: {status.Doing}");
        return ExitCode.Done;
    }

    private static async Task UpdateAsync(ITemporalClient client, string id, string update, object content, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            await client.GetWorkflowHandle(id).ExecuteUpdateAsync(update, [content], new() { Rpc = new() { CancellationToken = limit.Token } }).ConfigureAwait(false);
        }
        catch (Temporalio.Exceptions.WorkflowUpdateRpcTimeoutOrCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw CommandFailure.Unreachable(TemporalFailures.NoWorker, e);
        }
    }

    private static async Task<object> ApprovalAsync(Invocation call, RotationReader reader)
    {
        (string? gate, string? hash) = (call.Value(Gate), call.Value(PlanHash));
        if (gate is null || hash is null)
        {
            RotationStatus status = await reader.StatusAsync(call.Value(RotationArgument.Id)!, call.Cancel).ConfigureAwait(false);
            gate ??= status.Gate ?? throw CommandFailure.Refused($"The rotation waits at no gate: it is {Views.StateWords.Of(status.State)} ({status.Doing}).");
            hash ??= status.PlanHash;
        }

        return new Approval { Gate = gate, Approver = Caller.Of(call), Comment = call.Value(Comment) ?? "", PlanHash = hash, Token = await TokenAsync(call).ConfigureAwait(false) };
    }

    private static Task<object> OperatorCallAsync(Invocation call, RotationReader reader)
    {
        var content = new OperatorCall { Operator = Caller.Of(call), Reason = call.Value(Comment) ?? "", ToStep = call.Value(ToStep) ?? "", Force = call.Value(Force) || call.Value(Accept) };
        return Task.FromResult<object>(call.Value(By) is { } by && KopsDuration.TryParse(by, out KopsDuration longer) ? content with { By = longer } : content);
    }

    private static async Task<string> TokenAsync(Invocation call) => call.Value(Token) switch
    {
        null => "",
        ['@', .. var file] => (await File.ReadAllTextAsync(file, call.Cancel).ConfigureAwait(false)).Trim(),
        var token => token,
    };

    private static void Confirm(Invocation call, string name, string id, object content)
    {
        if (call.Value(Yes) || call.Terminal.Json || !Terminal.CanAsk || name is "pause" or "extend")
            return;
        string what = content is Approval approval ? $"{name} the gate {approval.Gate} of {id}" : $"{name} {id}";
        Console.Error.Write($"{what}? [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw CommandFailure.Refused("Not confirmed; nothing was sent.");
    }

    private static Option<string?> TokenOption()
    {
        var option = new Option<string?>("--token") { Description = "Signed approval: the token itself, or @FILE.", HelpName = "TOKEN|@FILE" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is ['@', .. var file] && !File.Exists(file))
                result.AddError($"--token: there is no file '{file}'.");
        });
        return option;
    }

    private static Option<string?> Duration()
    {
        var option = new Option<string?>("--by") { Description = "How much longer. Default: 24h.", HelpName = "DURATION" };
        option.Validators.Add(Check.Duration(option));
        return option;
    }
}
