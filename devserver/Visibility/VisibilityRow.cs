using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility;

/// <summary>What lists, scans and counts know of one run. Instants are UTC; ids are never empty except where null is allowed.</summary>
internal sealed record VisibilityRow
{
    public required string Namespace { get; init; }

    public required string WorkflowId { get; init; }

    public required string RunId { get; init; }

    public required string WorkflowType { get; init; }

    public required string TaskQueue { get; init; }

    public required WorkflowExecutionStatus Status { get; init; }

    public required DateTime StartTime { get; init; }

    /// <summary>When the first workflow task could run: the start plus its delay or backoff.</summary>
    public required DateTime ExecutionTime { get; init; }

    /// <summary>Null while the run is open.</summary>
    public DateTime? CloseTime { get; init; }

    public long HistoryLength { get; init; }

    public long HistorySizeBytes { get; init; }

    public long StateTransitionCount { get; init; }

    /// <summary>Null when the run has no parent.</summary>
    public WorkflowExecution? Parent { get; init; }

    /// <summary>The run itself when it has no parent.</summary>
    public required WorkflowExecution Root { get; init; }

    /// <summary>First run of the chain; the run itself when nothing went before.</summary>
    public required string FirstRunId { get; init; }

    public Memo Memo { get; init; } = new();

    /// <summary>Checked and typed by <see cref="Attributes.SearchAttributeCatalog"/>.</summary>
    public SearchAttributes Attributes { get; init; } = new();
}
