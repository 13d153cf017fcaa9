using Rotation.Workflows;
using Temporalio.Client;
using Temporalio.Common;

namespace Rotation.Worker.Commands;

/// <summary>One rotation in a list, from its search attributes.</summary>
internal sealed record RotationRow(string Id, string RunId, string Cluster, string Kind, string State, string Step, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>Whether it holds or waits for its cluster's lock; empty: neither.</summary>
    public string Lock { get; init; } = "";

    public static RotationRow Of(WorkflowExecution execution) => new(
        execution.Id,
        execution.RunId,
        Word(execution, RotationSearchAttributes.Cluster),
        Word(execution, RotationSearchAttributes.Kind),
        Word(execution, RotationSearchAttributes.State) is { Length: > 0 } state ? state : execution.Status.ToString(),
        Word(execution, RotationSearchAttributes.Step),
        execution.StartTime,
        execution.CloseTime);

    private static string Word(WorkflowExecution execution, SearchAttributeKey<string> attribute) =>
        execution.TypedSearchAttributes.TryGetValue(attribute, out string? value) ? value ?? "" : "";
}
