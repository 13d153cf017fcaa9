using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation watch</c>: follows a rotation to its end, live on a terminal, a line for each change otherwise.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create() => new Verb(
        "watch",
        "Follow a rotation until it ends.",
        ["watch rotate-keypairs-prod.example.com", "watch rotate-keypairs-prod.example.com | tee rotation.log"],
        async call => await FollowAsync(await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false), call.Value(RotationArgument.Id)!, call).ConfigureAwait(false),
        [RotationArgument.Id, .. ConnectionOptions.All]);

    /// <summary>Follows a rotation until it ends and returns the exit code that tells how. A worker that is away is waited for.</summary>
    public static async Task<int> FollowAsync(ITemporalClient client, string id, Invocation call)
    {
        var reader = new RotationReader(client);
        IWatchView view = call.Terminal.IsLive ? new LiveView(call.Terminal, id) : new LineView(call.Terminal);
        RotationStatus end = await view.RunAsync(show => FollowAsync(reader, id, view, show, call.Cancel)).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(end);
        return end.State.ToExitCode();
    }

    private static async Task<RotationStatus> FollowAsync(RotationReader reader, string id, IWatchView view, Action<RotationStatus?> show, CancellationToken cancel)
    {
        // Fails here, once and in words, when there is no such rotation.
        await reader.HasEndedAsync(id, cancel).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            RotationStatus? status = await reader.StatusOrNullAsync(id, cancel).ConfigureAwait(false);
            view.Roll = status?.State is RotationState.Running or RotationState.RollingBack ? await reader.RollOrNullAsync(id, cancel).ConfigureAwait(false) : null;
            show(status);
            if (status?.State.IsEnd() is true || (status is not null && await reader.HasEndedAsync(id, cancel).ConfigureAwait(false)))
                return status;
            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    }
}
