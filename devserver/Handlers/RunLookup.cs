using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Finds the run a caller means.</summary>
internal static class RunLookup
{
    /// <summary>The run named, or the newest of the workflow id. NOT_FOUND when there is none.</summary>
    public static Run Any(IRunDirectory runs, string namespaceName, WorkflowExecution? execution)
    {
        Check(execution);
        var run = execution!.RunId.Length > 0 ? runs.Find(execution.RunId) : runs.Current(namespaceName, execution.WorkflowId);
        if (run is not null && run.State.WorkflowId == execution.WorkflowId && run.State.Namespace == namespaceName)
            return run;
        throw execution.RunId.Length > 0 ? Failures.RunNotFound(execution.WorkflowId, execution.RunId) : Failures.WorkflowNotFound(execution.WorkflowId);
    }

    /// <summary>Refuses what names no run.</summary>
    public static void Check(WorkflowExecution? execution)
    {
        if (execution is null)
            throw Failures.InvalidArgument("Execution is not set on request.");
        if (execution.WorkflowId.Length == 0)
            throw Failures.InvalidArgument("WorkflowId is not set on request.");
        if (execution.RunId.Length > 0 && !Guid.TryParse(execution.RunId, out _))
            throw Failures.InvalidArgument("Invalid RunId.");
    }

    /// <summary>With the first run of a chain, the newest of the workflow id, which must be of that chain while it is open; without one as <see cref="Any"/>.</summary>
    public static Run Chain(IRunDirectory runs, string namespaceName, WorkflowExecution? execution, string firstRunId)
    {
        Check(execution);
        if (firstRunId.Length == 0)
            return Any(runs, namespaceName, execution);
        var run = Any(runs, namespaceName, new WorkflowExecution { WorkflowId = execution!.WorkflowId });
        return run.State.FirstRunId == firstRunId || !run.State.IsOpen ? run : throw Failures.NotFound("workflow execution not found");
    }

    /// <summary>As <see cref="Any"/>, and still open: NOT_FOUND "workflow execution already completed" else.</summary>
    public static Run Open(IRunDirectory runs, string namespaceName, WorkflowExecution? execution)
    {
        var run = Any(runs, namespaceName, execution);
        return run.State.IsOpen ? run : throw Failures.WorkflowClosed();
    }
}
