using System.Reflection;

namespace Rotation.Lab.Kops.CommandLine;

/// <summary>One of kops' help pages. The page is the definition of its command: words, aliases, flags and the commands below it are read from it.</summary>
internal sealed class HelpPage
{
    private const string Prefix = "kops-help/";
    private const string UsageTitle = "Usage:\n";
    private const string NameHelp = "Overrides KOPS_CLUSTER_NAME environment variable";
    private static readonly Assembly Home = typeof(HelpPage).Assembly;
    private static readonly HashSet<string> Names = [.. Home.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => Path.GetFileNameWithoutExtension(n[Prefix.Length..]))];

    // Commands and flags that kops has and shows on no page.
    private static readonly string[] HiddenCommands = ["helpers", "gen-cli-docs", "create-secret-sshpublickey"];
    private static readonly Dictionary<string, FlagSpec> HiddenFlags = new(StringComparer.Ordinal) { ["get-secrets"] = new("type", null, "string", null, null) };

    private HelpPage(string name, string text, string? defaultCluster)
    {
        Name = name;
        Text = defaultCluster is null ? text : text.Replace(NameHelp, $"{NameHelp} (default \"{defaultCluster}\")", StringComparison.Ordinal);
        Usage = Text[Text.IndexOf(UsageTitle, StringComparison.Ordinal)..];
        string[] lines = Usage.Split('\n');
        Words = [.. lines[1].Trim().Split(' ').Skip(1).TakeWhile(w => char.IsAsciiLetterLower(w[0]))];
        int aliases = Array.IndexOf(lines, "Aliases:");
        Aliases = aliases < 0 ? [] : lines[aliases + 1].Trim().Split(", ");
        Flags = [.. lines.Select(FlagSpec.Parse).OfType<FlagSpec>(), .. FlagSpec.Hidden, .. HiddenFlags.Where(f => f.Key == name).Select(f => f.Value)];
        Commands = [.. lines.SkipWhile(l => l != "Available Commands:").Skip(1).TakeWhile(l => l.Length > 0).Select(l => l.Trim().Split(' ')[0])];
        Runs = lines[1].EndsWith("[flags]", StringComparison.Ordinal);
    }

    /// <summary>Name of the page, the command's words joined by dashes; <c>kops</c> for the one above all.</summary>
    public string Name { get; }

    /// <summary>The whole page.</summary>
    public string Text { get; }

    /// <summary>The page from "Usage:" on, as kops prints it after a usage error.</summary>
    public string Usage { get; }

    /// <summary>Words of the command, such as <c>create keypair</c>.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The command with kops before it.</summary>
    public string CommandPath => string.Join(' ', Words.Prepend("kops"));

    /// <summary>All forms of the last word; none where there is one only.</summary>
    public IReadOnlyList<string> Aliases { get; }

    public IReadOnlyList<FlagSpec> Flags { get; }

    /// <summary>Names of the commands below this one that kops has, whether the emulator has them or not.</summary>
    public IReadOnlyList<string> Commands { get; }

    /// <summary>Whether the command does anything by itself.</summary>
    public bool Runs { get; }

    /// <summary>The page above all others.</summary>
    /// <param name="defaultCluster">Cluster's name that pages show as the default, or null.</param>
    public static HelpPage Root(string? defaultCluster) => Load("kops", defaultCluster);

    /// <summary>The page of a command below this one by its name or alias; null when kops has none. Throws <see cref="KopsError"/> when the emulator has none.</summary>
    public HelpPage? Below(string word, string? defaultCluster)
    {
        if (Commands.Count == 0)
            return null;
        if (Has(word))
            return Names.Contains(Start + word) ? Load(Start + word, defaultCluster) : throw new KopsError($"the lab's kops has no \"{string.Join(' ', Words.Append(word))}\"");
        return Commands.Where(c => Names.Contains(Start + c)).Select(c => Load(Start + c, defaultCluster)).FirstOrDefault(p => p.Aliases.Contains(word));
    }

    /// <summary>Whether kops has a command of that name below this one, shown or not.</summary>
    public bool Has(string word) => Commands.Contains(word) || HiddenCommands.Contains(Start + word);

    private string Start => Words.Count == 0 ? "" : string.Join('-', Words) + "-";

    private static HelpPage Load(string name, string? defaultCluster)
    {
        using var reader = new StreamReader(Home.GetManifestResourceStream($"{Prefix}{name}.txt")!);
        return new HelpPage(name, reader.ReadToEnd(), defaultCluster);
    }
}
