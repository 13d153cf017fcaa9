using Rotation.Tests.Support;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>Waiting for the one rotation of a stage.</summary>
internal static class RotationWaits
{
    /// <summary>How long a rotation of few nodes may take on a slow, shared machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The status once it is as wanted.</summary>
    public static async Task<RotationStatus> StatusAsync(this ITemporalClient client, Func<RotationStatus, bool> wanted)
    {
        var reader = new RotationReader(client);
        return (await Eventually.GetAsync(() => reader.StatusOrNullAsync(Stage.Rotation, CancellationToken.None), s => s is not null && wanted(s), Limit))!;
    }

    /// <summary>Whether the rotation has ended, or holds.</summary>
    public static bool IsOver(RotationStatus status) => status.State is RotationState.Completed or RotationState.RolledBack or RotationState.Failed or RotationState.Paused;
}
