using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>A worker's command cannot be done: its workflow task fails with the cause, and nothing of the completion is kept.</summary>
internal sealed class BadCommand(WorkflowTaskFailedCause cause, string message, bool ends = false) : Exception(message)
{
    public WorkflowTaskFailedCause Cause { get; } = cause;

    /// <summary>The run is terminated too, because the same command would come again.</summary>
    public bool Ends { get; } = ends;

    /// <summary>What worker and history are told.</summary>
    public string Words => Cause == WorkflowTaskFailedCause.UnhandledCommand ? Message : $"{Cause}: {Message}";
}
