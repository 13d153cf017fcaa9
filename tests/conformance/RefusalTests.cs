using Google.Protobuf;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>In which order requests are looked at, and in which words they are refused.</summary>
public sealed class RefusalTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private const int TooLarge = (2 * 1024 * 1024) + 1;

    private readonly ByHand _run = new(temporal);

    public static TheoryData<string, string> BadStarts => new()
    {
        { "id", "WorkflowId is not set on request." },
        { "long id", "WorkflowId length exceeds limit." },
        { "type", "WorkflowType is not set on request." },
        { "no queue", "taskQueue is not set" },
        { "queue", "missing task queue name" },
        { "reserved queue", "task queue name cannot start with reserved prefix /_sys/" },
        { "run timeout", "An invalid WorkflowRunTimeoutSeconds is set on request. cause: negative duration" },
        { "request", "RequestId length exceeds limit." },
        { "priority", "PriorityKey can't be negative" },
        { "input", "Blob data size exceeds limit." },
        { "memo", "Memo size exceeds limit." },
        { "retries before type", "BackoffCoefficient cannot be less than 1 on retry policy." },
    };

    [Theory]
    [MemberData(nameof(BadStarts))]
    public async Task A_start_is_refused_with_what_is_wrong_with_it(string what, string words)
    {
        var refused = await ByHand.RefusedAsync(() => _run.StartAsync(r => Spoil(r, what)));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe(words);
    }

    [Fact]
    public async Task A_start_without_a_request_id_is_given_one()
    {
        await _run.StartAsync(r => r.RequestId = "");

        Guid.TryParse((await _run.DescribeAsync()).WorkflowExtendedInfo.RequestIdInfos.Keys.Single(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_signal_a_query_and_an_update_look_for_the_run_first()
    {
        var none = new WorkflowExecution { WorkflowId = _run.Id, RunId = "none" };

        (await ByHand.RefusedAsync(() => _run.Service.SignalWorkflowExecutionAsync(new() { Namespace = temporal.Namespace, WorkflowExecution = none }))).Message.ShouldBe("Invalid RunId.");
        (await ByHand.RefusedAsync(() => _run.Service.QueryWorkflowAsync(new() { Namespace = temporal.Namespace, Execution = none }))).Message.ShouldBe("Invalid RunId.");
        (await ByHand.RefusedAsync(() => _run.Service.UpdateWorkflowExecutionAsync(new() { Namespace = temporal.Namespace, WorkflowExecution = none }))).Message.ShouldBe("Invalid RunId.");
        (await ByHand.RefusedAsync(() => _run.Service.QueryWorkflowAsync(new() { Namespace = temporal.Namespace, Execution = _run.Execution }))).Message.ShouldBe("WorkflowQuery is not set on request.");
    }

    [Fact]
    public async Task A_signal_with_start_must_not_ask_to_fail()
    {
        var refused = await ByHand.RefusedAsync(() => _run.Service.SignalWithStartWorkflowExecutionAsync(new()
        {
            Namespace = temporal.Namespace,
            WorkflowId = _run.Id,
            WorkflowType = new() { Name = "ByHand" },
            TaskQueue = new() { Name = _run.Queue },
            SignalName = "s",
            WorkflowIdConflictPolicy = WorkflowIdConflictPolicy.Fail,
        }));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldContain("is not supported for this operation");
    }

    [Fact]
    public async Task A_poll_that_nobody_can_wait_for_is_refused()
    {
        var refused = await ByHand.RefusedAsync(() => _run.PollAsync(new() { Name = _run.Queue }, TimeSpan.FromMilliseconds(1900)));

        refused.Code.ShouldBe(RpcException.StatusCode.FailedPrecondition);
        refused.Message.ShouldBe("Context timeout is too short.");
    }

    [Fact]
    public async Task The_closing_event_of_an_open_run_is_none()
    {
        await _run.StartAsync();

        var answer = await _run.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = temporal.Namespace, Execution = _run.Execution, HistoryEventFilterType = HistoryEventFilterType.CloseEvent });

        answer.History.Events.ShouldBeEmpty();
        answer.NextPageToken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("timer", "TimerId is not set on StartTimerCommand.")]
    [InlineData("timeout", "A valid StartToClose or ScheduleToCloseTimeout is not set on ScheduleActivityTaskCommand. ActivityId=a ActivityType=Act")]
    [InlineData("negative", "Invalid HeartbeatTimeout for ScheduleActivityTaskCommand: negative duration. ActivityId=a ActivityType=Act")]
    [InlineData("queue", "invalid TaskQueue on ScheduleActivityTaskCommand: missing task queue name. ActivityId=a ActivityType=Act")]
    public async Task A_command_is_refused_with_its_name(string what, string words)
    {
        await _run.StartAsync();

        var refused = await ByHand.RefusedAsync(() => _run.AnswerAsync(what switch
        {
            "timer" => Order.Timer("", 1),
            "timeout" => Order.Activity("a", _run.Queue, a => a.StartToCloseTimeout = null),
            "negative" => Order.Activity("a", _run.Queue, a => a.HeartbeatTimeout = Order.Seconds(-1)),
            _ => Order.Activity("a", ""),
        }));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldEndWith($"Attributes: {words}");
    }

    private static void Spoil(StartWorkflowExecutionRequest r, string what)
    {
        switch (what)
        {
            case "id":
                r.WorkflowId = "";
                break;
            case "long id":
                // A thousand bytes are meant, not letters.
                r.WorkflowId = new string('é', 501);
                break;
            case "type":
                r.WorkflowType = null;
                break;
            case "no queue":
                r.TaskQueue = null;
                break;
            case "queue":
                r.TaskQueue.Name = "";
                break;
            case "reserved queue":
                r.TaskQueue.Name = "/_sys/mine";
                break;
            case "run timeout":
                r.WorkflowRunTimeout = Order.Seconds(-1);
                break;
            case "request":
                r.RequestId = new string('r', 1001);
                break;
            case "priority":
                r.Priority = new() { PriorityKey = -1 };
                break;
            case "input":
                r.Input = Order.Bytes(TooLarge);
                break;
            case "memo":
                r.Memo = new() { Fields = { ["m"] = new() { Data = ByteString.CopyFrom(new byte[TooLarge]) } } };
                break;
            default:
                (r.RetryPolicy, r.WorkflowType) = (new() { BackoffCoefficient = 0.5 }, null);
                break;
        }
    }
}
