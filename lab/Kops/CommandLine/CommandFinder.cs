using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.CommandLine;

/// <summary>
/// Finds the command that a command line calls for as kops' parser does: it goes down from word to word, and takes what follows a flag that it does not know yet for
/// that flag's value. See <see href="https://pkg.go.dev/github.com/spf13/cobra#Command.Find"/>.
/// </summary>
internal static class CommandFinder
{
    private const int MostTypos = 2;

    // What kops suggests for words that are none of its commands.
    private static readonly Dictionary<string, string> Suggested = new(StringComparer.OrdinalIgnoreCase) { ["rm"] = "delete", ["list"] = "get" };

    /// <summary>Whether the words begin with one of kops' commands, or there are none.</summary>
    public static bool IsKnown(IReadOnlyList<string> words) => words.FirstOrDefault(w => w.Length > 0) is not { } first || HelpPage.Root(defaultCluster: null).Has(first);

    /// <summary>The command's page, and the command line without the command's words.</summary>
    public static (HelpPage Page, List<string> Remaining) Find(IReadOnlyList<string> args, string? defaultCluster)
    {
        HelpPage page = HelpPage.Root(defaultCluster);
        List<string> rest = [.. args];
        while (Words(rest, page).FirstOrDefault(w => w >= 0, -1) is >= 0 and var at && page.Below(rest[at], defaultCluster) is { } below)
        {
            rest.Remove(rest[at]);
            page = below;
        }

        return page.Words.Count == 0 && Words(rest, page).Select(w => rest[w]).FirstOrDefault() is { } unknown ? throw Unknown(page, unknown) : (page, rest);
    }

    /// <summary>Places of the words that are no flags and no flags' values, as far as the page knows its flags.</summary>
    private static IEnumerable<int> Words(List<string> args, HelpPage page)
    {
        for (var n = 0; n < args.Count && args[n] != "--"; n++)
        {
            string word = args[n];
            if (!word.StartsWith('-'))
            {
                if (word.Length > 0)
                    yield return n;
            }
            else if (!word.Contains('=', StringComparison.Ordinal) && TakesNext(word, page))
            {
                n++;
            }
        }
    }

    // Each command learns of --help only when it runs: before the command's words it takes the next of them.
    private static bool TakesNext(string word, HelpPage page) => word is "--help" or "-h" || (word.StartsWith("--", StringComparison.Ordinal)
        ? page.Flags.FirstOrDefault(f => f.Name == word[2..])?.Alone is null
        : word.Length == 2 && page.Flags.FirstOrDefault(f => f.Shorthand == word[1..])?.Alone is null);

    private static KopsError Unknown(HelpPage root, string word)
    {
        // "help" is never suggested, and "completion" comes last: kops adds it after its own commands.
        string[] near = [.. root.Commands.Where(c => c != "help").OrderBy(c => c == "completion").Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase) || Distance(word.ToLowerInvariant(), c) <= MostTypos || Suggested.GetValueOrDefault(word) == c)];
        string suggestions = near.Length == 0 ? "" : $"\n\nDid you mean this?\n{string.Concat(near.Select(n => $"\t{n}\n"))}";
        return new KopsError($"unknown command {GoText.Quoted(word)} for \"kops\"{suggestions}") { Hint = "Run 'kops --help' for usage." };
    }

    // Levenshtein's: insertions, deletions and replacements between two words.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], one[i - 1] == other[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1])));
        }

        return row[^1];
    }
}
