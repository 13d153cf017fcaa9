using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>A start and an update in one request: what they join, and which part is at fault.</summary>
public sealed class UpdateWithStartTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Fact]
    public async Task A_start_that_may_not_go_with_an_update_says_which_part_is_at_fault()
    {
        var start = _run.Start();
        start.WorkflowStartDelay = Order.Seconds(1);

        var refused = await ByHand.RefusedAsync(() => BothAsync(start, "u"));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe("Update-with-Start could not be executed.");
        Parts(refused).ShouldBe([(RpcException.StatusCode.InvalidArgument, "WorkflowStartDelay is not supported."), (RpcException.StatusCode.Aborted, "Operation was aborted.")]);
        (await ByHand.RefusedAsync(() => _run.Handle.DescribeAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    [Fact]
    public async Task An_update_that_was_answered_is_answered_again_and_starts_nothing()
    {
        var first = BothAsync(_run.Start(), "u");
        await CompleteAsync(await _run.TakeAsync(), Order.Complete());
        string run = (await first).Responses[0].StartWorkflow.RunId;

        var again = await BothAsync(_run.Start(), "u");

        var start = again.Responses[0].StartWorkflow;
        (start.Started, start.RunId, start.Status).ShouldBe((false, run, WorkflowExecutionStatus.Completed));
        again.Responses[1].UpdateWorkflow.Outcome.Success.ShouldBe(Order.Bytes(1));
    }

    [Fact]
    public async Task The_same_update_or_the_same_start_joins_the_run_there_is()
    {
        var start = _run.Start();
        var first = BothAsync(start, "u");
        await Eventually.HoldsAsync(async () => await _run.DescribeAsync());
        var sameUpdate = BothAsync(_run.Start(), "u");
        var sameStart = BothAsync(start, "u");

        (await ByHand.RefusedAsync(() => BothAsync(_run.Start(), "v"))).Code.ShouldBe(RpcException.StatusCode.AlreadyExists);
        await CompleteAsync(await _run.TakeAsync());

        (await Task.WhenAll(first, sameUpdate, sameStart)).Select(r => r.Responses[0].StartWorkflow.Started).ShouldBe([true, false, false]);
    }

    [Fact]
    public async Task An_update_whose_new_run_ends_first_is_the_part_at_fault()
    {
        var both = BothAsync(_run.Start(), "u");
        await Eventually.HoldsAsync(async () => await _run.DescribeAsync());
        await _run.Handle.TerminateAsync();

        var refused = await ByHand.RefusedAsync(() => both);

        refused.Code.ShouldBe(RpcException.StatusCode.NotFound);
        Parts(refused).ShouldBe([(RpcException.StatusCode.OK, ""), (RpcException.StatusCode.NotFound, "workflow update was aborted by closing workflow")]);
    }

    private static IEnumerable<(RpcException.StatusCode Code, string Message)> Parts(RpcException refused) =>
        refused.GrpcStatus.Value!.Details.Single().Unpack<MultiOperationExecutionFailure>().Statuses.Select(s => ((RpcException.StatusCode)s.Code, s.Message));

    private static Request Request(string id) => new() { Meta = new() { UpdateId = id, Identity = "test" }, Input = new() { Name = "add" } };

    private Task<ExecuteMultiOperationResponse> BothAsync(StartWorkflowExecutionRequest start, string updateId)
    {
        var update = new UpdateWorkflowExecutionRequest
        {
            Namespace = temporal.Namespace,
            WorkflowExecution = _run.Execution,
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
            Request = Request(updateId),
        };
        return _run.Service.ExecuteMultiOperationAsync(
            new()
            {
                Namespace = temporal.Namespace,
                Operations = { new ExecuteMultiOperationRequest.Types.Operation { StartWorkflow = start.Clone() }, new ExecuteMultiOperationRequest.Types.Operation { UpdateWorkflow = update } },
            },
            new RpcOptions { Retry = false, Timeout = TimeSpan.FromSeconds(60) });
    }

    /// <summary>Accepts and completes the update that a task brings, and then what the commands say.</summary>
    private async Task CompleteAsync(PollWorkflowTaskQueueResponse task, params Command[] commands)
    {
        string id = task.Messages.Single().ProtocolInstanceId;
        var answer = new RespondWorkflowTaskCompletedRequest { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand" };
        foreach (IMessage body in (IMessage[])
        [
            new Acceptance { AcceptedRequestMessageId = task.Messages[0].Id, AcceptedRequestSequencingEventId = task.Messages[0].EventId, AcceptedRequest = Request(id) },
            new Response { Meta = new() { UpdateId = id }, Outcome = new() { Success = Order.Bytes(1) } },
        ])
        {
            string message = $"{id}/{body.Descriptor.Name}";
            answer.Messages.Add(new Temporalio.Api.Protocol.V1.Message { Id = message, ProtocolInstanceId = id, Body = Any.Pack(body) });
            answer.Commands.Add(new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = message } });
        }
        answer.Commands.Add(commands);
        await _run.Service.RespondWorkflowTaskCompletedAsync(answer);
    }
}
