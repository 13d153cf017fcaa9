using Rotation.Lab.Probes;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;

namespace Rotation.Worker.Demo;

/// <summary>Follows the demo's rotation, and tells the probes from when on the old credential must be refused.</summary>
internal sealed class DemoWatch(RotationReader reader, ProbeSet probes)
{
    private const int RefusalsWanted = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(5);
    private bool _distrusted;

    /// <summary>Shows each status; returns the last.</summary>
    public Task<RotationStatus> FollowAsync(string id, IWatchView view, CancellationToken cancel) => view.RunAsync(async show =>
    {
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            if (await reader.StatusOrNullAsync(id, cancel).ConfigureAwait(false) is { } status)
            {
                Mark(status);
                show(status);
                if (status.State.IsEnd() || status.State.IsWaiting())
                    return status;
            }

            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    });

    /// <summary>Waits until the old credential has been tried often enough since step 5.</summary>
    public async Task SeeRefusalsAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Pause);
        DateTime end = DateTime.UtcNow + RefusalLimit;
        while (probes.Snapshot().OldRequestsAfterDistrust < RefusalsWanted && DateTime.UtcNow < end)
            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
    }

    private void Mark(RotationStatus status)
    {
        if (_distrusted || status.Steps.FirstOrDefault(s => s.Name == StepNames.Distrust)?.State != StepState.Done)
            return;
        _distrusted = true;
        probes.MarkDistrusted();
    }
}
