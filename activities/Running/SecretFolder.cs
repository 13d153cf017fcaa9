namespace Rotation.Activities.Running;

/// <summary>
/// A folder for temporary secrets, 0700, in memory-backed storage where there is one. Disposing overwrites its files and deletes it; what a killed worker left is
/// wiped when the next one makes its first folder.
/// </summary>
internal sealed class SecretFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const string Prefix = "rotation-";
    private const string HeldName = ".held";
    // Between making a folder and holding it a moment passes; no honest folder is that old without being held.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);
    private static readonly string Parent = Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath();
    private static readonly Lazy<int> Swept = new(() => Sweep(Parent, DateTime.UtcNow));

    private readonly FileStream _held;

    /// <summary>Makes the folder.</summary>
    public SecretFolder()
        : this(Parent) => _ = Swept.Value;

    /// <summary>Makes it below a folder.</summary>
    internal SecretFolder(string parent)
    {
        Path = System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():n}");
        PrivateFiles.CreateFolder(Path);
        _held = new FileStream(File(HeldName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Wipes the folders whose maker died: the kernel gives their lock back then. Returns how many there were.</summary>
    /// <param name="parent">Where they are.</param>
    /// <param name="now">The time now, UTC.</param>
    public static int Sweep(string parent, DateTime now) => Directory.EnumerateDirectories(parent, Prefix + "*").Count(folder => IsLeft(folder, now));

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Wipe(Path);
        _held.Dispose();
    }

    private static bool IsLeft(string folder, DateTime now)
    {
        string held = System.IO.Path.Combine(folder, HeldName);
        try
        {
            if (!System.IO.File.Exists(held) || now - System.IO.File.GetLastWriteTimeUtc(held) < Settled)
                return false;
            using var mine = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            Wipe(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is held, of another user, or somebody else wipes it now.
            return false;
        }
    }

    private static void Wipe(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(HeldName, StringComparison.Ordinal)))
            PrivateFiles.Wipe(file);

        Directory.Delete(folder, recursive: true);
    }
}
