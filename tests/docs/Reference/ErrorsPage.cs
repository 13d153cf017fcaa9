using System.Reflection;
using System.Text;
using Rotation.Worker.Commands;
using Rotation.Workflows;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/errors.md</c>: every error type and every exit code.</summary>
internal static class ErrorsPage
{
    private static readonly XmlDocs Docs = new(Names.Field, typeof(RotationErrors).Assembly);

    public static string Render()
    {
        var page = new StringBuilder("# Errors\n\nThe error types that workflows and activities fail with, as the Temporal UI shows them.\n\n| error type | retried | means |\n|---|---|---|\n");
        foreach (FieldInfo error in typeof(RotationErrors).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).OrderBy(f => f.Name, StringComparer.Ordinal))
            page.Append($"| `{error.Name}` | {(RotationErrors.NeverRetried.Contains(error.Name) ? "no" : "yes")} | {Names.Cell(Docs.Of(error))} |\n");
        page.Append("\n## Exit codes of `rotation`\n\n| code | means |\n|---|---|\n");
        foreach ((int code, string meaning) in ExitCode.Table)
            page.Append($"| {code} | {meaning} |\n");
        return page.ToString();
    }
}
