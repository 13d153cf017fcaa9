using System.Security.Cryptography;
using System.Text;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>What a rotation must find again: what a sink or secret held before it, and what it decided to write. Kept once, 0600, never overwritten by a retry; one folder a rotation.</summary>
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

    /// <summary>Forgets one copy, so that the next one is kept afresh.</summary>
    public void Forget(string rotation, string step, string sink)
    {
        if (File.Exists(PathOf(rotation, step, sink)))
            PrivateFiles.Wipe(PathOf(rotation, step, sink));
    }

    /// <summary>Overwrites and deletes every copy of a rotation. Returns how many there were.</summary>
    public int ForgetAll(string rotation)
    {
        string folder = FolderOf(rotation);
        if (!Directory.Exists(folder))
            return 0;
        string[] files = Directory.GetFiles(folder);
        foreach (string file in files)
            PrivateFiles.Wipe(file);
        Directory.Delete(folder, recursive: true);
        return files.Length;
    }

    private string FolderOf(string rotation) => Path.Combine(options.WorkDirectory, "kept", Hash(rotation)[..32]);

    // Names come from people and may hold anything; a hash of all three cannot leave the folder or collide.
    private string PathOf(string rotation, string step, string sink)
    {
        return Path.Combine(FolderOf(rotation), Hash($"{rotation}\n{step}\n{sink.ToLowerInvariant()}") + ".kept");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
