namespace Rotation.Activities.Running;

/// <summary>A folder for temporary secrets, 0700, in memory-backed storage where there is one. Disposing overwrites its files and deletes it.</summary>
internal sealed class SecretFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Makes the folder.</summary>
    public SecretFolder()
    {
        string parent = System.IO.Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, $"rotation-{Guid.NewGuid():n}");
        PrivateFiles.CreateFolder(Path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
            PrivateFiles.Wipe(file);

        Directory.Delete(Path, recursive: true);
    }
}
