using System.CommandLine;
using System.Text;
using Rotation.Activities.Hosting;
using Rotation.Worker.Commands;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/commands.md</c>: the help of every command.</summary>
internal static class CommandsPage
{
    public static async Task<string> RenderAsync()
    {
        var page = new StringBuilder("# Commands\n\nWhat `rotation COMMAND --help` prints.\n");
        foreach (string[] path in Paths(CommandTree.Create(), []))
        {
            var output = new StringWriter();
            await CommandLine.RunAsync([.. path, "--help"], output, TextWriter.Null);
            string text = output.ToString().ReplaceLineEndings("\n").Replace(UserFolder.Path, "~/.local/share/rotation", StringComparison.Ordinal).Replace(RootCommand.ExecutableName, "rotation", StringComparison.Ordinal);
            string[] lines = [.. text.Split('\n').Select(l => l.TrimEnd())];
            page.Append($"\n## `rotation{string.Concat(path.Select(p => $" {p}"))}`\n\n```\n{string.Join('\n', lines).Trim('\n')}\n```\n");
        }

        return page.ToString();
    }

    // `rotation lab kops` prints the help of the kops that it stands for.
    private static IEnumerable<string[]> Paths(Command command, string[] path)
    {
        yield return path;
        foreach (Command below in command.Subcommands.Where(c => !c.Hidden && c.Name != "kops").OrderBy(c => c.Name, StringComparer.Ordinal))
            foreach (string[] found in Paths(below, [.. path, below.Name]))
                yield return found;
    }
}
