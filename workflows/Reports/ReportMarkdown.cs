using System.Text;

namespace Rotation.Workflows.Reports;

/// <summary>A report for people, as Markdown. Not for verification: that is the JSON's part, and its head stands at the end.</summary>
public static class ReportMarkdown
{
    /// <summary>Writes the report.</summary>
    public static string Write(RotationReport report)
    {
        var text = new StringBuilder();
        text.Append("# Rotation of ").Append(Escape(report.Cluster)).Append("\n\n")
            .Append("| | |\n|---|---|\n")
            .Append("| Workflow | ").Append(Escape(report.WorkflowId)).Append(" |\n")
            .Append("| Run | ").Append(Escape(report.RunId)).Append(" |\n")
            .Append("| Records | ").Append(report.Records.Count).Append(report.Records is [.., { Kind: ReportKind.Ended }] ? " |\n" : ", not ended |\n")
            .Append("\n| # | When (UTC) | What sort | Step | Who | What | Facts |\n|---|---|---|---|---|---|---|\n");
        foreach (ReportRecord record in report.Records)
            Append(text, record);
        return text.Append("\nHead: `").Append(report.Head).Append("`\n").ToString();
    }

    private static void Append(StringBuilder text, ReportRecord record) => text
        .Append("| ").Append(record.Number)
        .Append(" | ").Append(record.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", null))
        .Append(" | ").Append(record.Kind)
        .Append(" | ").Append(Escape(record.Step))
        .Append(" | ").Append(Escape(record.Who))
        .Append(" | ").Append(Escape(record.What))
        .Append(" | ").AppendJoin("<br>", record.Facts.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{Escape(f.Key)}: {Escape(f.Value)}"))
        .Append(" |\n");

    // What people typed must neither break the table nor become a link, an image or HTML.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is '\r' or '\n' or '\t')
                escaped.Append(' ');
            else if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' or '!' or '~' or '&')
                escaped.Append('\\').Append(c);
            else if (!char.IsControl(c))
                escaped.Append(c);
        }

        return escaped.ToString();
    }
}
