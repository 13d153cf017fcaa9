namespace Rotation.Activities.Running;

/// <summary>Files and folders that only the worker's user may read.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, 0700, unless it is there.</summary>
    public static void CreateFolder(string path) => Directory.CreateDirectory(path, OwnerFolder);

    /// <summary>Writes a new file, 0600 from its first moment; fails when there is one.</summary>
    public static async Task CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile });
        await file.WriteAsync(content, ct).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Replaces a file in one step: readers see the old content or the new, never half of it. The result is 0600.</summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        string folder = Path.GetDirectoryName(path) ?? "/";
        Directory.CreateDirectory(folder);
        string next = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            await CreateAsync(next, content, ct).ConfigureAwait(false);
            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }

    /// <summary>Overwrites a file and deletes it.</summary>
    public static void Wipe(string path)
    {
        using (FileStream content = File.OpenWrite(path))
        {
            content.Write(new byte[content.Length]);
            content.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    /// <summary>Content of a file, or null when there is none.</summary>
    public static async Task<byte[]?> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
