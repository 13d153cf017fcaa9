using System.Reflection;

namespace Rotation.Lab.Kops.CommandLine;

/// <summary>One of kops' help pages. The page is the definition of its command: words, aliases and flags are read from it.</summary>
internal sealed class HelpPage
{
    private const string UsageTitle = "Usage:\n";
    private static readonly Lazy<IReadOnlyList<HelpPage>> Pages = new(() => [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith("kops-help/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)]);

    private HelpPage(string name, string text)
    {
        Name = name;
        Text = text;
        Usage = text[text.IndexOf(UsageTitle, StringComparison.Ordinal)..];
        string[] lines = Usage.Split('\n');
        Words = [.. lines[1].Trim().Split(' ').Skip(1).TakeWhile(w => char.IsAsciiLetterLower(w[0]))];
        int aliases = Array.IndexOf(lines, "Aliases:");
        Aliases = aliases < 0 ? [Words[^1]] : lines[aliases + 1].Trim().Split(", ");
        Flags = [.. lines.Select(FlagSpec.Parse).OfType<FlagSpec>()];
        TakesCluster = lines[1].Contains("[CLUSTER", StringComparison.Ordinal);
    }

    public static IReadOnlyList<HelpPage> All => Pages.Value;

    /// <summary>Name of the page, the command's words joined by dashes.</summary>
    public string Name { get; }

    /// <summary>The whole page.</summary>
    public string Text { get; }

    /// <summary>The page from "Usage:" on, as kops prints it after a usage error.</summary>
    public string Usage { get; }

    /// <summary>Words of the command, such as <c>create keypair</c>.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>All forms of the last word.</summary>
    public IReadOnlyList<string> Aliases { get; }

    public IReadOnlyList<FlagSpec> Flags { get; }

    /// <summary>Whether the first argument may be the cluster's name.</summary>
    public bool TakesCluster { get; }

    /// <summary>Whether a command line that begins with these words calls for this page.</summary>
    public bool Answers(IReadOnlyList<string> words) =>
        words.Count >= Words.Count && Words.Take(Words.Count - 1).SequenceEqual(words.Take(Words.Count - 1)) && Aliases.Contains(words[Words.Count - 1]);

    private static HelpPage Load(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return new HelpPage(Path.GetFileNameWithoutExtension(resource), reader.ReadToEnd());
    }
}
