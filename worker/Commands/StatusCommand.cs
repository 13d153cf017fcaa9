using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation status</c>: where a rotation is, what it waits for. The exit code tells it too.</summary>
internal static class StatusCommand
{
    public static Command Create() => new Verb(
        "status",
        "Show where a rotation is and what it waits for. Exit code 4 when it waits on a person.",
        ["status rotate-keypairs-prod.example.com", "status rotate-keypairs-prod.example.com --json"],
        RunAsync,
        [RotationArgument.Id, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        var reader = new RotationReader(await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false));
        string id = call.Value(RotationArgument.Id)!;
        RotationStatus status = await reader.StatusAsync(id, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(status);
        else
            StatusView.Write(call.Terminal, id, status);
        return status.State.ToExitCode();
    }
}
