namespace Rotation.Workflows.Reports;

/// <summary>
/// Answer of the query <c>report</c> and content of a report file: everything a rotation did, in order. Each record carries the hash of the one before, so that a changed, removed or inserted
/// record is found offline. Who can rewrite a whole file can rewrite its hashes too: compare <see cref="Head"/> with the one that was kept elsewhere, such as in a notification.
/// </summary>
public sealed record RotationReport
{
    /// <summary>The format written today.</summary>
    public const string CurrentFormat = "rotation-report/1";

    /// <summary>Format of the file.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>Cluster that was rotated.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Workflow id of the rotation.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>Run id of the rotation.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<ReportRecord> Records { get; init; } = [];

    /// <summary>Hash of the last record, or of the heading when there is none.</summary>
    public string Head { get; init; } = "";
}
