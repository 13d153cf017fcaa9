namespace Rotation.Workflows.Reports;

/// <summary>Writes a report, record by record. Deterministic: the time is given, so a workflow may keep one as state and replay makes the same hashes.</summary>
/// <param name="cluster">Cluster that is rotated.</param>
/// <param name="workflowId">Workflow id of the rotation.</param>
/// <param name="runId">Run id of the rotation.</param>
public sealed class ReportLog(string cluster, string workflowId, string runId)
{
    private const int LongestText = 2000;
    private readonly List<ReportRecord> _records = [];
    private readonly RotationReport _heading = new() { Cluster = cluster, WorkflowId = workflowId, RunId = runId };

    /// <summary>Hash of the last record, or of the heading.</summary>
    public string Head => _records.Count > 0 ? _records[^1].Hash : ReportHash.Of(_heading);

    /// <summary>True once nothing can follow.</summary>
    public bool HasEnded => _records is [.., { Kind: ReportKind.Ended }];

    /// <summary>The report as it stands.</summary>
    public RotationReport Report => _heading with { Records = [.. _records], Head = Head };

    /// <summary>Appends a record.</summary>
    /// <param name="at">When, cut to the millisecond.</param>
    /// <param name="kind">What sort of thing. Nothing can follow <see cref="ReportKind.Ended"/>.</param>
    /// <param name="what">What happened; cut to 2,000 characters. Never a secret.</param>
    /// <param name="step">Step or gate, or empty.</param>
    /// <param name="who">Person who did it, or empty.</param>
    /// <param name="facts">Ids, fingerprints, counts by name; values are cut to 2,000 characters. Never a secret.</param>
    /// <exception cref="InvalidOperationException">The report has ended.</exception>
    public void Append(DateTimeOffset at, ReportKind kind, string what, string step = "", string who = "", IEnumerable<KeyValuePair<string, string>>? facts = null)
    {
        if (HasEnded)
            throw new InvalidOperationException($"The report has ended; '{what}' cannot follow.");
        var record = new ReportRecord
        {
            Number = _records.Count + 1,
            At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
            Kind = kind,
            Step = Cut(step),
            Who = Cut(who),
            What = Cut(what),
            Facts = new SortedDictionary<string, string>((facts ?? []).ToDictionary(f => f.Key, f => Cut(f.Value), StringComparer.Ordinal), StringComparer.Ordinal),
            Previous = Head,
        };
        _records.Add(record with { Hash = ReportHash.Of(record) });
    }

    // Half of a surrogate pair has no UTF-8 form: it would come back from a file as another character, with another hash.
    private static string Cut(string text)
    {
        string cut = text.Length <= LongestText ? text : text[..LongestText];
        return string.Concat(cut.EnumerateRunes().Select(r => r.ToString()));
    }
}
