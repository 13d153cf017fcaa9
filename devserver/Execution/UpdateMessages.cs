using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;

namespace Rotation.DevServer.Execution;

/// <summary>The messages by which updates travel with workflow tasks.</summary>
internal static class UpdateMessages
{
    /// <summary>The admitted updates no worker has yet, for the task that starts now.</summary>
    public static IEnumerable<Message> Take(Run run)
    {
        foreach (var update in run.Updates.Unsent.ToList())
        {
            update.Sent = true;
            yield return new Message
            {
                Id = update.Id + "/request",
                ProtocolInstanceId = update.Id,
                EventId = run.State.Task!.StartedId - 1,
                Body = Any.Pack(update.Request),
            };
        }
    }

    public static bool IsRejection(Message message) => message.Body.Is(Rejection.Descriptor);

    public static void Apply(Run run, Transition t, Message message)
    {
        if (message.Body.TryUnpack<Acceptance>(out var acceptance))
            Accept(run, t, message, acceptance);
        else if (message.Body.TryUnpack<Rejection>(out var rejection))
            Reject(run, message, rejection);
        else if (message.Body.TryUnpack<Response>(out var response))
            Complete(run, t, message, response);
        else
            throw new BadCommand(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"unknown message {message.Body.TypeUrl}");
    }

    /// <summary>What the worker was given and neither accepted nor rejected will never be answered.</summary>
    public static void RejectUnanswered(Run run)
    {
        foreach (var update in run.Updates.Admitted.Where(u => u.Sent).ToList())
        {
            Reject(run, update, new()
            {
                Message = "Workflow Update was rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
                Source = "Server",
                ApplicationFailureInfo = new() { Type = "UnprocessedUpdate", NonRetryable = true },
            });
        }
    }

    private static void Accept(Run run, Transition t, Message message, Acceptance acceptance)
    {
        var id = message.ProtocolInstanceId;
        var update = run.Updates.Find(id);
        var request = acceptance.AcceptedRequest ?? update?.Request
            ?? throw new BadCommand(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"update {id} was accepted but never requested");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionUpdateAccepted,
            WorkflowExecutionUpdateAcceptedEventAttributes = new()
            {
                ProtocolInstanceId = id,
                AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                AcceptedRequest = request,
            },
        });
        run.State.Updates[id] = new UpdateState { AcceptedId = item.EventId };
        if (update is not null)
            update.Stage = UpdateWorkflowExecutionLifecycleStage.Accepted;
    }

    private static void Reject(Run run, Message message, Rejection rejection)
    {
        if (run.Updates.Find(message.ProtocolInstanceId) is { } update)
            Reject(run, update, rejection.Failure);
    }

    private static void Reject(Run run, PendingUpdate update, Temporalio.Api.Failure.V1.Failure failure)
    {
        update.Stage = UpdateWorkflowExecutionLifecycleStage.Completed;
        update.Outcome = new Outcome { Failure = failure };
        run.Updates.Forget(update);
    }

    private static void Complete(Run run, Transition t, Message message, Response response)
    {
        var id = message.ProtocolInstanceId;
        if (!run.State.Updates.TryGetValue(id, out var accepted))
            throw new BadCommand(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"update {id} was completed but never accepted");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionUpdateCompleted,
            WorkflowExecutionUpdateCompletedEventAttributes = new() { Meta = response.Meta, AcceptedEventId = accepted.AcceptedId, Outcome = response.Outcome },
        });
        accepted.CompletedId = item.EventId;
        if (run.Updates.Find(id) is { } update)
        {
            update.Stage = UpdateWorkflowExecutionLifecycleStage.Completed;
            update.Outcome = response.Outcome;
            run.Updates.Forget(update);
        }
    }
}
