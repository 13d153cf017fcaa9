using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Reports;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation report</c>: everything a rotation did, as a file that can be checked by anybody; and the check.</summary>
internal static class ReportCommand
{
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "For people to read. Only the JSON can be verified." };
    private static readonly Option<string?> Head = new("--head") { Description = "Hash that was kept elsewhere, as in a notification: finds a file that was written anew as a whole.", HelpName = "HASH" };
    private static readonly Argument<string> File = new("file") { Description = "The report as JSON." };

    public static Command Create() => new Verb(
        "report",
        "Write the report of a rotation: who, when, which commands, which keypairs before and after.",
        ["report rotate-keypairs-prod.example.com > report.json", "report rotate-keypairs-prod.example.com --markdown", "report verify report.json"],
        ExportAsync,
        [
            RotationArgument.Id, Markdown, .. ConnectionOptions.All,
            new Verb("verify", "Check a report offline. Exit code 1 when a record was changed, removed or added.", ["report verify report.json", "report verify report.json --head 8195e1f4…"], VerifyAsync, File, Head),
        ]);

    private static async Task<int> ExportAsync(Invocation call)
    {
        var reader = new RotationReader(await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false));
        RotationReport report = await reader.ReportAsync(call.Value(RotationArgument.Id)!, call.Cancel).ConfigureAwait(false);
        if (call.Value(Markdown))
            call.Terminal.Say(ReportMarkdown.Write(report).TrimEnd());
        else
            call.Terminal.WriteJson(report);
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(Invocation call)
    {
        string file = call.Value(File)!;
        if (!System.IO.File.Exists(file))
            throw CommandFailure.Usage($"There is no file '{file}'.");
        ReportVerdict verdict = ReportVerifier.Verify(await System.IO.File.ReadAllTextAsync(file, call.Cancel).ConfigureAwait(false), call.Value(Head));
        if (call.Terminal.Json)
            call.Terminal.WriteJson(verdict);
        foreach (string problem in verdict.Problems)
            call.Terminal.Warn(problem);
        if (verdict.IsIntact && !call.Terminal.Json)
            call.Terminal.Say($"Intact{(verdict.IsComplete ? "" : ", but not ended: the rotation still ran, or records at the end are missing")}. Head {verdict.Head}");
        return verdict.IsIntact ? ExitCode.Done : ExitCode.Failed;
    }
}
