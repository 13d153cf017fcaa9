using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What is done to a run from outside: signal, cancel, terminate, delete, reset of stickiness.</summary>
internal sealed class RunHandlers(ServerEngine engine, Retention retention)
{
    public void AddTo(ServiceTable table) => table
        .Add<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse>("SignalWorkflowExecution", (r, _) => engine.ActAsync(t => Signal(t, r)))
        .Add<RequestCancelWorkflowExecutionRequest, RequestCancelWorkflowExecutionResponse>("RequestCancelWorkflowExecution", (r, _) => engine.ActAsync(t => Cancel(t, r)))
        .Add<TerminateWorkflowExecutionRequest, TerminateWorkflowExecutionResponse>("TerminateWorkflowExecution", (r, _) => engine.ActAsync(t => Terminate(t, r)))
        .Add<DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse>("DeleteWorkflowExecution", (r, _) => engine.ActAsync(t => Delete(t, r)))
        .Add<ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse>("ResetStickyTaskQueue", (r, _) => engine.ActAsync(t => Unstick(t, r)));

    private static SignalWorkflowExecutionResponse Signal(Transition t, SignalWorkflowExecutionRequest r)
    {
        RunLookup.Check(r.WorkflowExecution);
        Limits.Id(r.SignalName, "SignalName");
        Limits.Length(r.RequestId, "RequestId");
        Limits.Blob(r.Input);
        var run = RunLookup.Any(t.Runs, r.Namespace, r.WorkflowExecution);
        if (Signals.IsKnown(run, r.RequestId))
            return new();
        if (!run.State.IsOpen)
            throw Failures.WorkflowClosed();
        Signals.Add(run, t, new()
        {
            SignalName = r.SignalName,
            Input = r.Input,
            Header = r.Header,
            Identity = r.Identity,
            RequestId = r.RequestId,
        });
        return new();
    }

    private static RequestCancelWorkflowExecutionResponse Cancel(Transition t, RequestCancelWorkflowExecutionRequest r)
    {
        Closing.RequestCancel(RunLookup.Chain(t.Runs, r.Namespace, r.WorkflowExecution, r.FirstExecutionRunId), t, r.Reason, r.Identity, null, 0);
        return new();
    }

    private static TerminateWorkflowExecutionResponse Terminate(Transition t, TerminateWorkflowExecutionRequest r)
    {
        var run = RunLookup.Chain(t.Runs, r.Namespace, r.WorkflowExecution, r.FirstExecutionRunId);
        if (!run.State.IsOpen)
            throw Failures.WorkflowClosed();
        Closing.Terminate(run, t, r.Reason.Length > 0 ? r.Reason : "terminated by user via frontend", r.Details, r.Identity.Length > 0 ? r.Identity : "frontend-service");
        return new();
    }

    private DeleteWorkflowExecutionResponse Delete(Transition t, DeleteWorkflowExecutionRequest r)
    {
        var run = RunLookup.Any(t.Runs, r.Namespace, r.WorkflowExecution);
        if (run.State.IsOpen)
            Closing.Terminate(run, t, "Delete workflow execution", null, Closing.Identity);
        t.AfterWritten(() => retention.Remove(run.State.Namespace, run.Id));
        return new();
    }

    private static ResetStickyTaskQueueResponse Unstick(Transition t, ResetStickyTaskQueueRequest r)
    {
        var run = RunLookup.Open(t.Runs, r.Namespace, r.Execution);
        t.Touch(run);
        WorkflowTasks.Unstick(run, t);
        return new();
    }
}
