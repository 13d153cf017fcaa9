using System.Text.Json;
using System.Text.Json.Serialization;
using Rotation.Workflows.Serialization;

namespace Rotation.Workflows.Reports;

/// <summary>What a check of a report found.</summary>
/// <param name="Problems">Everything that is wrong, each naming the record; empty when the report is as it was written.</param>
/// <param name="IsComplete">True when the last record says how the rotation ended. A report of a rotation that still runs is not complete, and neither is one that lost its last records.</param>
/// <param name="Head">Hash to compare with one that was kept elsewhere; empty when the file could not be read.</param>
public sealed record ReportVerdict(IReadOnlyList<string> Problems, bool IsComplete, string Head)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsIntact => Problems.Count == 0;
}

/// <summary>Checks reports offline: nothing but the file is needed.</summary>
public static class ReportVerifier
{
    private static readonly JsonSerializerOptions Strict = new(RotationDataConverter.Json)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
    };

    /// <summary>Checks the JSON of a report file.</summary>
    /// <param name="json">Content of the file.</param>
    /// <param name="expectedHead">Head that was kept elsewhere; null: not compared.</param>
    public static ReportVerdict Verify(string json, string? expectedHead = null)
    {
        try
        {
            return JsonSerializer.Deserialize<RotationReport>(json, Strict) is { } report ? Verify(report, expectedHead) : Unreadable("it is null");
        }
        catch (JsonException e)
        {
            return Unreadable(e.Message);
        }
    }

    /// <summary>Checks a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="expectedHead">Head that was kept elsewhere; null: not compared.</param>
    public static ReportVerdict Verify(RotationReport report, string? expectedHead = null)
    {
        if (report.Format != RotationReport.CurrentFormat)
            return new([$"The format is '{report.Format}'; known is {RotationReport.CurrentFormat}."], IsComplete: false, report.Head);
        List<string> problems = [];
        string previous = ReportHash.Of(report);
        for (int i = 0; i < report.Records.Count; i++)
        {
            problems.AddRange(ProblemsOf(report.Records[i], i + 1, previous, isLast: i == report.Records.Count - 1));
            previous = report.Records[i].Hash;
        }

        if (report.Head != previous)
            problems.Add("The head is not the hash of the last record: records at the end are missing or were added.");
        if (expectedHead is not null && expectedHead != report.Head)
            problems.Add($"The head is {report.Head}, and {expectedHead} was expected: this is another report, or it was written anew.");
        return new(problems, report.Records is [.., { Kind: ReportKind.Ended }], report.Head);
    }

    private static IEnumerable<string> ProblemsOf(ReportRecord record, int number, string previous, bool isLast)
    {
        if (record.Number != number)
            yield return $"Record {number} has the number {record.Number}: records are missing, were added or change places.";
        if (record.Previous != previous)
            yield return $"Record {number} does not follow the record before it.";
        if (record.Hash != ReportHash.Of(record))
            yield return $"Record {number} was changed.";
        if (record.Kind == ReportKind.Ended && !isLast)
            yield return $"Record {number} ends the report, and others follow.";
    }

    private static ReportVerdict Unreadable(string why) => new([$"It is no report: {why}"], IsComplete: false, "");
}
