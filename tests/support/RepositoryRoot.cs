namespace Rotation.Tests.Support;

/// <summary>Finds the repository from wherever the test runs: the nearest folder upwards with <c>Rotation.sln</c>.</summary>
public static class RepositoryRoot
{
    /// <summary>Absolute path. Throws <see cref="DirectoryNotFoundException"/> when tests run outside a checkout.</summary>
    public static string Path { get; } = Find();

    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Rotation.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No Rotation.sln above {AppContext.BaseDirectory}.");
    }
}
