using Rotation.Worker.Connection;
using Temporalio.Client;
using Temporalio.Common;

namespace Rotation.Worker.Commands;

/// <summary>One rotation in a list, from its search attributes.</summary>
internal sealed record RotationRow(string Id, string RunId, string Cluster, string Kind, string State, string Step, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public static RotationRow Of(WorkflowExecution execution) => new(
        execution.Id,
        execution.RunId,
        Word(execution, SearchAttributes.Cluster),
        Word(execution, SearchAttributes.Kind),
        Word(execution, SearchAttributes.State) is { Length: > 0 } state ? state : execution.Status.ToString(),
        Word(execution, SearchAttributes.Step),
        execution.StartTime,
        execution.CloseTime);

    private static string Word(WorkflowExecution execution, string attribute) =>
        execution.TypedSearchAttributes.TryGetValue(SearchAttributeKey.CreateKeyword(attribute), out string? value) ? value ?? "" : "";
}
