namespace Rotation.Lab.Kops.CommandLine;

/// <summary>A command line taken apart the way kops' parser does: flags anywhere, the command's words first among the rest.</summary>
internal sealed class ParsedCommand
{
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);

    private ParsedCommand(HelpPage page) => Page = page;

    public HelpPage Page { get; }

    /// <summary>What follows the command's words.</summary>
    public IReadOnlyList<string> Arguments { get; private set; } = [];

    /// <summary>Throws <see cref="KopsError"/> as kops fails.</summary>
    /// <param name="args">The command line without kops' own name.</param>
    /// <param name="defaultCluster">Value of <c>KOPS_CLUSTER_NAME</c>, or null.</param>
    public static ParsedCommand Parse(IReadOnlyList<string> args, string? defaultCluster)
    {
        (HelpPage page, List<string> rest) = CommandFinder.Find(args, defaultCluster);
        var command = new ParsedCommand(page);
        command.Arguments = command.ReadFlags(rest);
        if (defaultCluster is not null && !command.IsGiven("name"))
            command._flags["name"] = defaultCluster;
        return command;
    }

    /// <summary>Value of a flag, its default where it is not given; null when it has neither.</summary>
    public string? Flag(string name) => _flags.GetValueOrDefault(name) ?? Page.Flags.FirstOrDefault(f => f.Name == name)?.Default;

    public bool IsGiven(string name) => _flags.ContainsKey(name);

    public bool Switch(string name) => Flag(name) == "true";

    private List<string> ReadFlags(List<string> rest)
    {
        List<string> arguments = [];
        for (var n = 0; n < rest.Count; n++)
        {
            string word = rest[n];
            if (word == "--")
            {
                arguments.AddRange(rest.Skip(n + 1));
                break;
            }

            if (word.Length < 2 || word[0] != '-')
                arguments.Add(word);
            else if (word[1] == '-')
                n += Long(word, rest, n);
            else
                n += Short(word[1..], rest, n);
        }

        return arguments;
    }

    // Both answer how many further words they took.
    private int Long(string word, List<string> rest, int at)
    {
        if (word[2] is '-' or '=')
            throw Usage($"bad flag syntax: {word}");
        string[] parts = word[2..].Split('=', 2);
        FlagSpec flag = Page.Flags.FirstOrDefault(f => f.Name == parts[0]) ?? throw Usage($"unknown flag: --{parts[0]}");
        return Set(flag, parts.ElementAtOrDefault(1), $"flag needs an argument: --{flag.Name}", rest, at);
    }

    private int Short(string letters, List<string> rest, int at)
    {
        for (var n = 0; n < letters.Length; n++)
        {
            FlagSpec flag = Page.Flags.FirstOrDefault(f => f.Shorthand == letters[n].ToString()) ?? throw Usage($"unknown shorthand flag: '{letters[n]}' in -{letters[n..]}");
            string after = letters[(n + 1)..];
            if (after.StartsWith('=') && after.Length > 1)
                return Set(flag, after[1..], "", rest, at);
            if (flag.Alone is null)
                return Set(flag, after.Length > 0 ? after : null, $"flag needs an argument: '{letters[n]}' in -{letters[n..]}", rest, at);
            Set(flag, null, "", rest, at);
        }

        return 0;
    }

    private int Set(FlagSpec flag, string? value, string missing, List<string> rest, int at)
    {
        bool next = value is null && flag.Alone is null;
        if (next && at + 1 >= rest.Count)
            throw Usage(missing);
        try
        {
            string given = flag.Normal(value ?? flag.Alone ?? rest[at + 1]);
            // A list may be given in parts.
            _flags[flag.Name] = flag.Type == "strings" && _flags.TryGetValue(flag.Name, out string? before) ? $"{before},{given}" : given;
        }
        catch (FormatException e)
        {
            throw Usage(e.Message);
        }

        return next ? 1 : 0;
    }

    private KopsError Usage(string message) => new(message) { Usage = Page.Usage };
}
