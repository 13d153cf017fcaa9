using System.Text.Json;
using Rotation.Lab;
using Rotation.Lab.Probes;

namespace Rotation.Worker.Labs;

/// <summary>Probing clients of a lab, and what they have seen in a file that is written anew twice a second.</summary>
internal static class ProbeFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Probes until cancelled; the file stays with the last word.</summary>
    public static async Task KeepAsync(LabFolder folder, LabCluster lab, double requestsPerSecond, CancellationToken cancel)
    {
        await using ProbeSet probes = ProbeSet.Start(lab, folder.Kubeconfig, requestsPerSecond);
        using var timer = new PeriodicTimer(Pause);
        do
            await WriteAsync(folder, probes.Snapshot()).ConfigureAwait(false);
        while (await NextAsync(timer, cancel).ConfigureAwait(false));
        await WriteAsync(folder, probes.Snapshot()).ConfigureAwait(false);
    }

    /// <summary>What the clients have seen; null when the lab has none.</summary>
    public static async Task<ProbeSnapshot?> ReadAsync(LabFolder folder, CancellationToken cancel) => File.Exists(folder.Probes)
        ? JsonSerializer.Deserialize<ProbeSnapshot>(await File.ReadAllTextAsync(folder.Probes, cancel).ConfigureAwait(false), JsonSerializerOptions.Web)
        : null;

    private static async Task WriteAsync(LabFolder folder, ProbeSnapshot seen)
    {
        string next = folder.Probes + ".next";
        await File.WriteAllTextAsync(next, JsonSerializer.Serialize(seen, JsonSerializerOptions.Web)).ConfigureAwait(false);
        File.Move(next, folder.Probes, overwrite: true);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
