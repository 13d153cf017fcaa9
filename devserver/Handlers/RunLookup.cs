using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Finds the run a caller means.</summary>
internal static class RunLookup
{
    /// <summary>The run named, or the newest of the workflow id. NOT_FOUND when there is none, or it is not of the chain named.</summary>
    public static Run Any(IRunDirectory runs, string namespaceName, WorkflowExecution? execution, string firstRunId = "")
    {
        if (string.IsNullOrEmpty(execution?.WorkflowId))
            throw Failures.InvalidArgument("WorkflowId is not set on request.");
        if (execution.RunId.Length > 0 && !Guid.TryParse(execution.RunId, out _))
            throw Failures.InvalidArgument("Invalid RunId.");
        var run = execution.RunId.Length > 0 ? runs.Find(execution.RunId) : runs.Current(namespaceName, execution.WorkflowId);
        if (run is null || run.State.WorkflowId != execution.WorkflowId || run.State.Namespace != namespaceName)
            throw Failures.WorkflowNotFound(execution.WorkflowId);
        if (firstRunId.Length > 0 && run.State.FirstRunId != firstRunId)
            throw Failures.WorkflowNotFound(execution.WorkflowId);
        return run;
    }

    /// <summary>As <see cref="Any"/>, and still open: NOT_FOUND "workflow execution already completed" else.</summary>
    public static Run Open(IRunDirectory runs, string namespaceName, WorkflowExecution? execution, string firstRunId = "")
    {
        var run = Any(runs, namespaceName, execution, firstRunId);
        return run.State.IsOpen ? run : throw Failures.WorkflowClosed();
    }
}
