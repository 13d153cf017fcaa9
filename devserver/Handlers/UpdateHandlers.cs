using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Stage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage;

namespace Rotation.DevServer.Handlers;

/// <summary>What is known of an update now.</summary>
internal readonly record struct UpdateProgress(Run Run, Stage Stage, Outcome? Outcome);

/// <summary>Updates: admitted, waited for, asked about.</summary>
internal sealed class UpdateHandlers(ServerEngine engine)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public void AddTo(ServiceTable table) => table
        .Add<UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse>("UpdateWorkflowExecution", UpdateAsync)
        .Add<PollWorkflowExecutionUpdateRequest, PollWorkflowExecutionUpdateResponse>("PollWorkflowExecutionUpdate", PollAsync);

    /// <summary>Admits the update, or finds it when that id was sent before. Inside a transition.</summary>
    public static (Run Run, PendingUpdate? Pending) Admit(Transition t, UpdateWorkflowExecutionRequest r)
    {
        Check(r);
        var run = RunLookup.Any(t.Runs, r.Namespace, r.WorkflowExecution);
        if (r.FirstExecutionRunId.Length > 0 && run.State.FirstRunId != r.FirstExecutionRunId)
            throw Failures.NotFound("workflow execution not found");
        var id = r.Request.Meta.UpdateId;
        if (run.State.Updates.ContainsKey(id) || run.Updates.Find(id) is not null)
            return (run, run.Updates.Find(id));
        if (!run.State.IsOpen)
            throw Failures.WorkflowClosed();
        if (run.State.TaskAttempt >= 3)
            throw Failures.WorkflowNotReady("Unable to perform workflow execution update due to Workflow Task in failed state.");
        if (run.State.CloseAttempted && run.State.Task is { StartedId: > 0 })
            throw Failures.BusyWorkflow(Failures.WorkflowClosingText);
        var pending = run.Updates.Admit(id, r.Request, run.State);
        run.State.Delayed = false;
        WorkflowTasks.Need(run, t, forUpdate: true);
        return (run, pending);
    }

    public async Task<UpdateWorkflowExecutionResponse> AwaitAsync(
        UpdateWorkflowExecutionRequest r, Run run, PendingUpdate? pending, CallContext context)
    {
        var progress = await ReachAsync(run, r.Request.Meta.UpdateId, pending, r.WaitPolicy?.LifecycleStage ?? Stage.Accepted, context).ConfigureAwait(false);
        return new()
        {
            UpdateRef = new() { UpdateId = r.Request.Meta.UpdateId, WorkflowExecution = progress.Run.Execution },
            Stage = progress.Stage,
            Outcome = progress.Outcome,
        };
    }

    private static void Check(UpdateWorkflowExecutionRequest r)
    {
        RunLookup.Check(r.WorkflowExecution);
        if (r.Request?.Meta is null)
            throw Failures.InvalidArgument("Update meta is not set on request.");
        Limits.Length(r.Request.Meta.UpdateId, "UpdateId");
        if (r.Request.Input is null)
            throw Failures.InvalidArgument("Update input is not set on request.");
        if (r.Request.Input.Name.Length == 0)
            throw Failures.InvalidArgument("Update name is not set on request.");
        Limits.Blob(r.Request.Input.Args);
        if (r.WaitPolicy?.LifecycleStage == Stage.Admitted)
            throw Failures.PermissionDenied("UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.");
        if (r.Request.Meta.UpdateId.Length == 0)
            r.Request.Meta.UpdateId = Guid.NewGuid().ToString();
    }

    private async Task<UpdateWorkflowExecutionResponse> UpdateAsync(UpdateWorkflowExecutionRequest r, CallContext context)
    {
        var (run, pending) = await engine.ActAsync(t => Admit(t, r)).ConfigureAwait(false);
        return await AwaitAsync(r, run, pending, context).ConfigureAwait(false);
    }

    private async Task<PollWorkflowExecutionUpdateResponse> PollAsync(PollWorkflowExecutionUpdateRequest r, CallContext context)
    {
        if (r.UpdateRef is null)
            throw Failures.InvalidArgument("UpdateRef is not set on request.");
        var id = r.UpdateRef.UpdateId;
        var (run, pending) = await engine.LookAsync(runs =>
        {
            var found = RunLookup.Any(runs, r.Namespace, r.UpdateRef.WorkflowExecution);
            if (!found.State.Updates.ContainsKey(id) && found.Updates.Find(id) is null)
                throw Failures.NotFound($"update \"{id}\" not found");
            return (found, found.Updates.Find(id));
        }).ConfigureAwait(false);
        var progress = await ReachAsync(run, id, pending, r.WaitPolicy?.LifecycleStage ?? Stage.Unspecified, context).ConfigureAwait(false);
        return new()
        {
            Stage = progress.Stage,
            Outcome = progress.Outcome,
            UpdateRef = new() { UpdateId = id, WorkflowExecution = progress.Run.Execution },
        };
    }

    private async Task<UpdateProgress> ReachAsync(Run run, string id, PendingUpdate? pending, Stage wanted, CallContext context)
    {
        using var wait = Waits.For(context, LongestWait, engine.Clock.RealTime);
        while (true)
        {
            Task? changed = null;
            var progress = await engine.LookAsync(_ =>
            {
                changed = run.Changed.Task;
                return Progress(run, id, pending);
            }).ConfigureAwait(false);
            if (progress.Stage >= wanted || !await Waits.ChangedAsync(changed!, context, wait.Token).ConfigureAwait(false))
                return progress;
        }
    }

    private static UpdateProgress Progress(Run run, string id, PendingUpdate? pending)
    {
        if (pending?.Refused is { } refused)
            throw refused;
        if (pending?.Outcome is { } outcome)
            return new(run, Stage.Completed, outcome);
        if (!run.State.Updates.TryGetValue(id, out var stored))
            return new(run, pending?.Stage ?? Stage.Unspecified, null);
        if (stored.CompletedId > 0)
            return new(run, Stage.Completed, run.Event(stored.CompletedId).WorkflowExecutionUpdateCompletedEventAttributes.Outcome);
        return run.State.IsOpen ? new(run, Stage.Accepted, null) : new(run, Stage.Completed, UpdateRegistry.ClosedBeforeDone());
    }
}
