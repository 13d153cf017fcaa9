using System.Runtime.CompilerServices;

namespace Rotation.Tests.Support;

/// <summary>Compares text with a checked-in file <c>snapshots/&lt;name&gt;.txt</c> beside the test. <c>UPDATE_SNAPSHOTS=1</c> rewrites it.</summary>
public static class Snapshot
{
    /// <summary>
    /// Fails when <paramref name="actual"/> differs, line ends aside, or when there is no file: scrub ids and times before.
    /// <paramref name="name"/> is the name of the calling test unless given.
    /// </summary>
    public static void Matches(string actual, [CallerMemberName] string name = "", [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "snapshots", name + ".txt");
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        if (!File.Exists(path))
            throw new FileNotFoundException($"No snapshot {path}; look at the text, then run with UPDATE_SNAPSHOTS=1.\n{text}");
        Shouldly.ShouldBeStringTestExtensions.ShouldBe(text, File.ReadAllText(path).ReplaceLineEndings("\n"), $"against {path}");
    }
}
