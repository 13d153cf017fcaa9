namespace Rotation.Tests.Support;

/// <summary>An empty folder of its own for a test, deleted with everything in it when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("rotation-test-").FullName;

    /// <summary>Absolute path; exists until disposed.</summary>
    public string Path { get; }

    /// <summary>Absolute path of a file or folder inside; does not create it.</summary>
    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
