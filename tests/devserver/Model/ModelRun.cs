using Temporalio.Api.Enums.V1;

namespace Rotation.Tests.DevServer.Model;

/// <summary>What a workflow id should look like.</summary>
internal sealed class ModelRun
{
    public WorkflowExecutionStatus Status { get; set; } = WorkflowExecutionStatus.Running;

    public bool IsOpen => Status == WorkflowExecutionStatus.Running;

    /// <summary>A workflow task waits for a worker.</summary>
    public bool HasTask { get; set; } = true;

    public bool CancelRequested { get; set; }

    public List<string> Signals { get; } = [];
}
