namespace Rotation.Lab.Kops.CommandLine;

/// <summary>A command line taken apart the way kops' parser does: flags anywhere, the command's words first among the rest.</summary>
internal sealed class ParsedCommand
{
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);

    private ParsedCommand(HelpPage page, IReadOnlyList<string> arguments) => (Page, Arguments) = (page, arguments);

    public HelpPage Page { get; }

    /// <summary>What follows the command's words.</summary>
    public IReadOnlyList<string> Arguments { get; private set; }

    /// <summary>Throws <see cref="KopsError"/> as kops fails.</summary>
    public static ParsedCommand Parse(IReadOnlyList<string> args)
    {
        string[] words = [.. args.TakeWhile(a => !a.StartsWith('-'))];
        HelpPage page = HelpPage.All.Where(p => p.Answers(words)).MaxBy(p => p.Words.Count) ?? throw Unknown(args, words);
        var command = new ParsedCommand(page, []);
        command.Arguments = command.ReadFlags(args.Skip(page.Words.Count).ToList());
        return command;
    }

    public string? Flag(string name) => _flags.GetValueOrDefault(name) ?? Page.Flags.FirstOrDefault(f => f.Name == name)?.Default;

    public bool IsGiven(string name) => _flags.ContainsKey(name);

    public bool Switch(string name) => Flag(name) == "true";

    private static KopsError Unknown(IReadOnlyList<string> args, string[] words)
    {
        string[] known = [.. words.TakeWhile((_, n) => HelpPage.All.Any(p => p.Words.Take(n + 1).SequenceEqual(words.Take(n + 1))))];
        string path = string.Join(' ', known.Prepend("kops"));
        return args.Count > known.Length
            ? new KopsError($"unknown command \"{args[known.Length]}\" for \"{path}\"") { Hint = $"Run '{path} --help' for usage." }
            : new KopsError($"a command is missing after \"{path}\"") { Hint = $"Run '{path} --help' for usage." };
    }

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
                n += Long(word[2..], rest, n);
            else
                n += Short(word[1..], rest, n);
        }

        return arguments;
    }

    // Both answer how many further words they took.
    private int Long(string text, List<string> rest, int at)
    {
        string[] parts = text.Split('=', 2);
        FlagSpec flag = Page.Flags.FirstOrDefault(f => f.Name == parts[0]) ?? throw Usage($"unknown flag: --{parts[0]}");
        return Set(flag, parts.ElementAtOrDefault(1), $"flag needs an argument: --{flag.Name}", rest, at);
    }

    private int Short(string text, List<string> rest, int at)
    {
        FlagSpec flag = Page.Flags.FirstOrDefault(f => f.Shorthand == text[..1]) ?? throw Usage($"unknown shorthand flag: '{text[0]}' in -{text}");
        return Set(flag, text.Length > 1 ? text[1..].TrimStart('=') : null, $"flag needs an argument: '{text[0]}' in -{text}", rest, at);
    }

    private int Set(FlagSpec flag, string? value, string missing, List<string> rest, int at)
    {
        bool next = value is null && flag.Alone is null;
        if (next && at + 1 >= rest.Count)
            throw Usage(missing);
        string given = value ?? flag.Alone ?? rest[at + 1];
        // A list may be given in parts.
        _flags[flag.Name] = flag.Type == "strings" && _flags.TryGetValue(flag.Name, out string? before) ? $"{before},{given}" : given;
        return next ? 1 : 0;
    }

    private KopsError Usage(string message) => new(message) { Usage = Page.Usage };
}
