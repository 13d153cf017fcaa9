using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Kops;

/// <summary>One recorded command of the real kops.</summary>
internal sealed record Recorded(string Name, string[] Arguments, int ExitCode, string Output, string Errors, IReadOnlyList<string> Files)
{
    public const string Version = "kops-1.26.6";

    public static IReadOnlyList<string> Names { get; } = Recordings.ArePresent
        ? [.. Directory.EnumerateDirectories(Path.Combine(Recordings.Path, Version)).Select(d => Path.GetFileName(d)!).Where(n => char.IsAsciiDigit(n[0])).Order(StringComparer.Ordinal)]
        : [];

    public static Recorded Read(string name)
    {
        string Text(string file) => File.ReadAllText(Recordings.Combine(Version, name, file));
        string[] files = File.Exists(Recordings.Combine(Version, name, "tree.txt"))
            ? [.. Text("tree.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0]).Order(StringComparer.Ordinal)]
            : [];
        return new(name, Text("argv.txt").Trim().Split(' ')[1..], int.Parse(Text("exit.txt").Trim(), System.Globalization.CultureInfo.InvariantCulture), Text("stdout.txt"), Text("stderr.txt"), files);
    }
}
