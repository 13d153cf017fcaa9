using System.Runtime.CompilerServices;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Recordings of the real kops, beside the repository where they are present.</summary>
internal static class Recordings
{
    /// <summary>Folder of the recordings; skips the test where it is not there.</summary>
    public static string FolderOrSkip([CallerFilePath] string source = "")
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../../shared/recordings/kops-1.26.6"));
        Assert.SkipUnless(Directory.Exists(folder), "The recordings of the real kops are not beside this repository.");
        return folder;
    }
}
