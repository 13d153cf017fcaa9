using Rotation.Lab.Kops.CommandLine;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops help</c>: the page of a command. A word that is none is told on standard error and is no failure.</summary>
internal static class Help
{
    // A command whose help was not asked for does not know the flag yet.
    private const string HelpFlag = "  -h, --help            help for kops\n";

    public static async Task RunAsync(KopsCall call)
    {
        IReadOnlyList<string> words = call.Command.Arguments;
        string? cluster = call.Variable("KOPS_CLUSTER_NAME");
        if (CommandFinder.IsKnown(words))
            await call.Output.WriteAsync(CommandFinder.Find(words, cluster).Page.Text).ConfigureAwait(false);
        else
            await call.Errors.WriteAsync($"Unknown help topic [{string.Join(' ', words.Select(GoText.BackQuoted))}]\n{HelpPage.Root(cluster).Usage.Replace(HelpFlag, "", StringComparison.Ordinal)}").ConfigureAwait(false);
    }
}
