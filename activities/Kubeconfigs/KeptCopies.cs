using System.Security.Cryptography;
using System.Text;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>What a sink held before a rotation's delivery, kept once for the way back: 0600, never overwritten by a retry.</summary>
internal sealed class KeptCopies(RotationOptions options)
{
    /// <summary>Keeps what a sink held, unless an earlier attempt has. Returns what is kept: empty content stands for "held nothing".</summary>
    public async Task<byte[]> KeepAsync(string rotation, string step, string sink, byte[]? content, CancellationToken ct)
    {
        if (await FindAsync(rotation, step, sink, ct).ConfigureAwait(false) is { } kept)
            return kept;

        string path = PathOf(rotation, step, sink);
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        string next = $"{path}.{Guid.NewGuid():n}";
        await PrivateFiles.CreateAsync(next, content ?? [], ct).ConfigureAwait(false);
        try
        {
            // Fails when another attempt was first: then its copy is the one.
            File.Move(next, path, overwrite: false);
            return content ?? [];
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(next);
            return await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false);
        }
    }

    /// <summary>What was kept; empty when the sink held nothing, null when nothing was ever delivered.</summary>
    public Task<byte[]?> FindAsync(string rotation, string step, string sink, CancellationToken ct) => PrivateFiles.ReadAsync(PathOf(rotation, step, sink), ct);

    // Names come from people and may hold anything; a hash of all three cannot leave the folder or collide.
    private string PathOf(string rotation, string step, string sink)
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rotation}\n{step}\n{sink.ToLowerInvariant()}")));
        return Path.Combine(options.WorkDirectory, "kept", key + ".kubeconfig");
    }
}
