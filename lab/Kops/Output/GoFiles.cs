namespace Rotation.Lab.Kops.Output;

/// <summary>Trouble with files in Go's words.</summary>
internal static class GoFiles
{
    /// <summary>Why a file cannot be read.</summary>
    public static string WhyNotRead(string path) =>
        Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: {(IsBelowFile(path) ? "not a directory" : "no such file or directory")}";

    private static bool IsBelowFile(string path) => Path.GetDirectoryName(path) is { Length: > 0 } folder && (File.Exists(folder) || IsBelowFile(folder));
}
