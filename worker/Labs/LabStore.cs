using Rotation.Lab;
using Rotation.Worker.Commands;

namespace Rotation.Worker.Labs;

/// <summary>Fills a lab's folder: state store, and the first admin kubeconfig.</summary>
internal static class LabStore
{
    /// <summary>Makes what is not there yet; leaves what is. Fails with exit code 3 when the folder holds another cluster.</summary>
    public static async Task PrepareAsync(LabFolder folder, LabOptions options, string? from, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder.StateStore);
        string[] others = [.. Directory.EnumerateDirectories(folder.StateStore).Select(d => Path.GetFileName(d)!).Where(d => d != options.ClusterName)];
        if (others.Length > 0)
            throw CommandFailure.Refused($"{folder.Root} holds the lab of {others[0]}. Choose another folder with --dir.");
        if (!File.Exists(Path.Combine(folder.StateStore, options.ClusterName, "config")))
        {
            if (from is null)
                await LabStateStore.CreateAsync(options, cancel).ConfigureAwait(false);
            else
                LabStateStore.CopyFrom(from, options);
        }

        await LabStateStore.DeployAsync(options, folder.Kubeconfig, cancel).ConfigureAwait(false);
    }
}
