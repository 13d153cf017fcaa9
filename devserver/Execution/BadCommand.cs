using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>A worker's command cannot be done: its workflow task fails with the cause, and nothing of the completion is kept.</summary>
internal sealed class BadCommand(WorkflowTaskFailedCause cause, string message) : Exception(message)
{
    public WorkflowTaskFailedCause Cause { get; } = cause;
}
