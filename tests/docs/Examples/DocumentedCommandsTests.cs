using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Rotation.Worker.Commands;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Docs.Examples;

/// <summary>The command lines that README and docs tell people to type: each is one that <c>rotation</c> understands.</summary>
public sealed partial class DocumentedCommandsTests
{
    // Made from the code, or not ours.
    private static readonly string[] Skipped = ["artifacts", "node_modules", ".git", "reference", "adr", "CHANGELOG.md"];

    [Fact]
    public void Every_documented_command_line_is_understood()
    {
        (string File, string Line)[] lines = [.. Files().SelectMany(f => Lines(File.ReadAllText(f)).Select(l => (Path.GetFileName(f), l)))];

        lines.Length.ShouldBeGreaterThan(40);
        lines.SelectMany(l => ProblemsOf(l.Line["rotation ".Length..]).Select(p => $"{l.File}: {l.Line}: {p}")).ShouldBeEmpty();
    }

    private static IEnumerable<string> ProblemsOf(string line)
    {
        // What stands for a value is one: ID, NAME, …; a comment, a pipe or a redirection is the shell's.
        string command = ShellTail().Replace(line, "");
        if (command.StartsWith("lab kops", StringComparison.Ordinal))
            return [];
        ParseResult parsed = CommandLine.Parse([.. CommandLineParser.SplitCommandLine(command.Replace('\'', '"'))]);
        return parsed.Errors.Select(e => e.Message).Where(m => m.StartsWith("Unrecognized", StringComparison.Ordinal) || m.StartsWith('\''));
    }

    private static IEnumerable<string> Lines(string text) => Commands().Matches(text.ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal)).Select(m => m.Groups[1].Value.Trim());

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(RepositoryRoot.Combine(), "*.md", SearchOption.AllDirectories)
        .Where(f => !Path.GetRelativePath(RepositoryRoot.Combine(), f).Split('/').Any(p => Skipped.Contains(p)));

    [GeneratedRegex("(?:`|^ {0,4}(?:\\$ |dotnet run --project worker -- )?)(rotation [^`\n]+)", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex("\\s+(?:#|\\||>|&|;|2>).*$|\\s*\\.\\.\\.$")]
    private static partial Regex ShellTail();
}
