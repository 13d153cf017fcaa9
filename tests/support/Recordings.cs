namespace Rotation.Tests.Support;

/// <summary>Recordings of the real kops, kept beside the repository and not in it: tests that compare with them skip where they are absent.</summary>
public static class Recordings
{
    /// <summary>Where they are looked for; may not exist.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "recordings"));

    public static bool ArePresent => Directory.Exists(Path);

    /// <summary>Path of one recording. Skips the running test when there are no recordings.</summary>
    public static string Combine(params string[] parts)
    {
        SkipUnlessPresent();
        return System.IO.Path.Combine([Path, .. parts]);
    }

    /// <summary>Skips the running test, with the reason, when the recordings are not on this machine.</summary>
    public static void SkipUnlessPresent()
    {
        if (!ArePresent)
            throw new SkipTestException($"No kops recordings at {Path}.");
    }
}
