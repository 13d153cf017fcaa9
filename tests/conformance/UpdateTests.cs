using Google.Protobuf.WellKnownTypes;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;
using Stage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage;

namespace Rotation.Tests.Conformance;

/// <summary>Updates as they travel: messages, stages, and what becomes of those nobody answers.</summary>
public sealed class UpdateTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Fact]
    public async Task An_update_is_a_message_of_a_task_that_is_written_when_it_is_accepted()
    {
        await StartedAsync();
        var update = SendAsync("u", Stage.Completed);
        var task = await _run.TakeAsync();

        task.Messages.Single().ProtocolInstanceId.ShouldBe("u");
        task.Messages.Single().Id.ShouldBe("u/request");
        task.Messages.Single().EventId.ShouldBe(task.StartedEventId - 1);
        (await _run.DescribeAsync()).WorkflowExecutionInfo.HistoryLength.ShouldBe(5);
        var answer = Answer(task);
        Message(answer, "u/request/accept", new Acceptance { AcceptedRequestMessageId = "u/request", AcceptedRequestSequencingEventId = task.StartedEventId - 1, AcceptedRequest = Request("u") });
        Message(answer, "u/request/complete", new Response { Meta = new() { UpdateId = "u" }, Outcome = new() { Success = Order.Bytes(1) } });
        await _run.Service.RespondWorkflowTaskCompletedAsync(answer);

        (await update).Outcome.Success.ShouldBe(Order.Bytes(1));
        var events = await _run.EventsAsync();
        events.Skip(5).Select(e => e.EventType).ShouldBe([WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowExecutionUpdateAccepted, WorkflowExecutionUpdateCompleted]);
        events[8].WorkflowExecutionUpdateAcceptedEventAttributes.AcceptedRequest.Input.Name.ShouldBe("add");
        events[8].WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId.ShouldBe("u");
        events[9].WorkflowExecutionUpdateCompletedEventAttributes.AcceptedEventId.ShouldBe(9);
    }

    [Fact]
    public async Task An_update_the_worker_ignores_is_rejected()
    {
        await StartedAsync();
        var update = SendAsync("u", Stage.Completed);

        await _run.Service.RespondWorkflowTaskCompletedAsync(Answer(await _run.TakeAsync()));

        var outcome = (await update).Outcome;
        outcome.Failure.ApplicationFailureInfo.Type.ShouldBe("UnprocessedUpdate");
    }

    [Fact]
    public async Task An_update_whose_run_ends_first_is_not_found()
    {
        await StartedAsync();
        var update = SendAsync("u", Stage.Completed);
        await _run.TakeAsync();

        await _run.Handle.TerminateAsync();

        var refused = await ByHand.RefusedAsync(() => update);
        refused.Code.ShouldBe(RpcException.StatusCode.NotFound);
        refused.Message.ShouldBe("workflow update was aborted by closing workflow");
    }

    [Fact]
    public async Task An_accepted_update_whose_run_ends_has_failed()
    {
        await StartedAsync();
        var update = SendAsync("u", Stage.Completed);
        var task = await _run.TakeAsync();
        var answer = Answer(task);
        Message(answer, "u/request/accept", new Acceptance { AcceptedRequestMessageId = "u/request", AcceptedRequestSequencingEventId = task.StartedEventId - 1, AcceptedRequest = Request("u") });
        await _run.Service.RespondWorkflowTaskCompletedAsync(answer);

        await _run.Handle.TerminateAsync();

        (await update).Outcome.Failure.ApplicationFailureInfo.Type.ShouldBe("AcceptedUpdateCompletedWorkflow");
    }

    [Fact]
    public async Task A_task_that_the_server_fails_takes_its_update_with_it()
    {
        await StartedAsync();
        var update = SendAsync("u", Stage.Completed);

        await ByHand.RefusedAsync(async () => await _run.CompleteAsync(await _run.TakeAsync(), Order.Timer("", 1)));

        (await ByHand.RefusedAsync(() => update)).Code.ShouldBe(RpcException.StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Waiting_for_admission_is_not_permitted()
    {
        await StartedAsync();

        (await ByHand.RefusedAsync(() => SendAsync("u", Stage.Admitted))).Code.ShouldBe(RpcException.StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task An_update_without_a_name_or_of_another_chain_is_refused()
    {
        await StartedAsync();

        (await ByHand.RefusedAsync(() => _run.Service.UpdateWorkflowExecutionAsync(Ask("u", Stage.Accepted, r => r.Request.Input.Name = "")))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        (await ByHand.RefusedAsync(() => _run.Service.UpdateWorkflowExecutionAsync(Ask("u", Stage.Accepted, r => r.FirstExecutionRunId = Guid.NewGuid().ToString())))).Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    [Fact]
    public async Task The_eleventh_update_at_once_is_too_much()
    {
        await StartedAsync();
        Task[] ten = [.. Enumerable.Range(0, 10).Select(n => SendAsync($"u{n}", Stage.Completed))];
        var task = await _run.TakeAsync();
        // One that comes before all ten are there takes the place of the last of them.
        await Eventually.HoldsAsync(async () => (await ByHand.RefusedAsync(() => _run.Service.UpdateWorkflowExecutionAsync(
            Ask(RandomId.New("eleventh"), Stage.Completed), new RpcOptions { Retry = false, Timeout = TimeSpan.FromSeconds(1) }))).Code.ShouldBe(RpcException.StatusCode.ResourceExhausted));

        await _run.Handle.TerminateAsync();
        await Should.ThrowAsync<RpcException>(Task.WhenAll(ten));
        task.Messages.ShouldNotBeEmpty();
    }

    /// <summary>A run with one completed task, so that an update makes a task of its own.</summary>
    private async Task StartedAsync()
    {
        await _run.StartAsync();
        await _run.AnswerAsync(Order.Timer("t", 600));
    }

    private Task<UpdateWorkflowExecutionResponse> SendAsync(string id, Stage stage) =>
        _run.Service.UpdateWorkflowExecutionAsync(Ask(id, stage), new RpcOptions { Retry = false, Timeout = TimeSpan.FromSeconds(30) });

    private UpdateWorkflowExecutionRequest Ask(string id, Stage stage, Action<UpdateWorkflowExecutionRequest>? change = null)
    {
        var request = new UpdateWorkflowExecutionRequest { Namespace = temporal.Namespace, WorkflowExecution = _run.Execution, WaitPolicy = new() { LifecycleStage = stage }, Request = Request(id) };
        change?.Invoke(request);
        return request;
    }

    private static Request Request(string id) => new() { Meta = new() { UpdateId = id, Identity = "test" }, Input = new() { Name = "add" } };

    private RespondWorkflowTaskCompletedRequest Answer(PollWorkflowTaskQueueResponse task) => new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand" };

    /// <summary>Adds a message and the command that gives it its place among the events.</summary>
    private static void Message(RespondWorkflowTaskCompletedRequest answer, string id, Google.Protobuf.IMessage body)
    {
        answer.Messages.Add(new Temporalio.Api.Protocol.V1.Message { Id = id, ProtocolInstanceId = id[..id.IndexOf('/', StringComparison.Ordinal)], Body = Any.Pack(body) });
        answer.Commands.Add(new Temporalio.Api.Command.V1.Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = id } });
    }
}
