using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation plan</c>: everything that a rotation will do, and the hash that approvals are bound to.</summary>
internal static class PlanCommand
{
    public static Command Create() => new Verb(
        "plan",
        "Show what a rotation will do: every command and instance, and the ways back.",
        ["plan rotate-keypairs-prod.example.com", "plan rotate-keypairs-prod.example.com --json"],
        RunAsync,
        [RotationArgument.Id, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        var reader = new RotationReader(await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false));
        AnyPlan plan = await reader.PlanAsync(call.Value(RotationArgument.Id)!, call.Cancel).ConfigureAwait(false);
        if (plan.PlanHash.Length == 0)
            throw CommandFailure.Refused("The rotation has no plan yet: it is still reading the cluster, or it was refused. See: rotation status ID");
        if (call.Terminal.Json)
            call.Terminal.WriteJson(plan);
        else
            PlanView.Write(call.Terminal, plan);
        return ExitCode.Done;
    }
}
