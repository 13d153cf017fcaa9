using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Terminals;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Rotation.Worker.Commands;

/// <summary>What people say to a schedule: <c>pause, resume, trigger, delete</c>.</summary>
internal static class ScheduleCalls
{
    private static readonly Option<string?> Note = new("--note", "-m") { Description = "Why, for whoever finds it.", HelpName = "TEXT" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    public static Command Pause() => Call("pause", "Start nothing until it is resumed. Rotations at work go on.", "schedule pause prod -m 'incident 4711'", (schedule, call, rpc) => schedule.PauseAsync(Words(call, "paused"), rpc), Note);

    public static Command Resume() => Call("resume", "Let a paused schedule go on.", "schedule resume prod -m 'incident over'", (schedule, call, rpc) => schedule.UnpauseAsync(Words(call, "resumed"), rpc), Note);

    public static Command Trigger() => Call(
        "trigger",
        "Look now whether anything is due. Windows and ages count as ever; skipped while its rotations run.",
        "schedule trigger prod",
        (schedule, _, rpc) => schedule.TriggerAsync(new() { Overlap = ScheduleOverlapPolicy.Skip, Rpc = rpc }));

    public static Command Delete() => Call("delete", "Delete a schedule. Rotations at work go on.", "schedule delete prod --yes", DeleteAsync, Yes);

    private static Verb Call(string name, string description, string example, Func<ScheduleHandle, Invocation, RpcOptions, Task> act, params Option[] own) =>
        new(name, description, [example], call => RunAsync(call, name, act), [ScheduleArgument.Name, .. own, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call, string name, Func<ScheduleHandle, Invocation, RpcOptions, Task> act)
    {
        (ScheduleHandle schedule, _) = await ScheduleArgument.FindAsync(call).ConfigureAwait(false);
        await act(schedule, call, new() { CancellationToken = call.Cancel }).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new ScheduleCallDocument(schedule.Id, name));
        else
            call.Terminal.Say($"{name}: {schedule.Id}: done.");
        return ExitCode.Done;
    }

    private static Task DeleteAsync(ScheduleHandle schedule, Invocation call, RpcOptions rpc)
    {
        if (!call.Value(Yes) && !call.Terminal.Json && Terminal.CanAsk)
        {
            Console.Error.Write($"delete the schedule {schedule.Id}? [y/N] ");
            if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
                throw CommandFailure.Refused("Not confirmed; nothing was deleted.");
        }

        return schedule.DeleteAsync(rpc);
    }

    private static string Words(Invocation call, string what) => $"{what} by {People.Name}{(call.Value(Note) is { Length: > 0 } note ? $": {note}" : "")}";

    private sealed record ScheduleCallDocument(string Schedule, string Done);
}
