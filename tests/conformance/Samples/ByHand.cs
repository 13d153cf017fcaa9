using Rotation.Tests.Support;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Tests.Conformance.Samples;

/// <summary>A workflow whose worker is the test itself: what no SDK would send can be sent, and every event is asked for by its caller.</summary>
internal sealed class ByHand(TemporalFixture temporal)
{
    private static readonly RpcOptions Once = new() { Retry = false, Timeout = TimeSpan.FromSeconds(60) };

    public string Id { get; } = RandomId.New("hand");

    public string Queue { get; } = RandomId.New("queue");

    public WorkflowService Service => temporal.Client.WorkflowService;

    public WorkflowHandle Handle => temporal.Client.GetWorkflowHandle(Id);

    public Temporalio.Api.Common.V1.WorkflowExecution Execution => new() { WorkflowId = Id };

    public StartWorkflowExecutionRequest Start() => new()
    {
        Namespace = temporal.Namespace,
        WorkflowId = Id,
        RequestId = Guid.NewGuid().ToString(),
        WorkflowType = new() { Name = "ByHand" },
        TaskQueue = new() { Name = Queue },
        Identity = "test",
    };

    public async Task<string> StartAsync(Action<StartWorkflowExecutionRequest>? change = null)
    {
        StartWorkflowExecutionRequest request = Start();
        change?.Invoke(request);
        return (await Service.StartWorkflowExecutionAsync(request, Once)).RunId;
    }

    public Task<PollWorkflowTaskQueueResponse> TakeAsync() => PollAsync(new() { Name = Queue }, Once.Timeout!.Value);

    /// <summary>Asks a queue once for a task.</summary>
    public Task<PollWorkflowTaskQueueResponse> PollAsync(TaskQueue queue, TimeSpan limit) =>
        Service.PollWorkflowTaskQueueAsync(new() { Namespace = temporal.Namespace, TaskQueue = queue, Identity = "hand" }, new() { Retry = false, Timeout = limit });

    /// <summary>Takes the next task and answers it.</summary>
    public async Task<RespondWorkflowTaskCompletedResponse> AnswerAsync(params Command[] commands) => await CompleteAsync(await TakeAsync(), commands);

    public Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(PollWorkflowTaskQueueResponse task, params Command[] commands) =>
        Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand", Commands = { commands } }, Once);

    /// <summary>Answers a task with no command, as a worker that keeps the run and asks for its next task on a queue of its own.</summary>
    public Task<RespondWorkflowTaskCompletedResponse> KeepAsync(PollWorkflowTaskQueueResponse task, TaskQueue own, TimeSpan wait) => Service.RespondWorkflowTaskCompletedAsync(
        new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand", StickyAttributes = new() { WorkerTaskQueue = own, ScheduleToStartTimeout = Order.Seconds(wait.TotalSeconds) } }, Once);

    public Task FailAsync(PollWorkflowTaskQueueResponse task, WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure) =>
        Service.RespondWorkflowTaskFailedAsync(new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand", Cause = cause, Failure = new() { Message = "by hand" } }, Once);

    public Task SignalAsync(string name, string requestId = "") => Service.SignalWorkflowExecutionAsync(
        new() { Namespace = temporal.Namespace, WorkflowExecution = Execution, SignalName = name, Identity = "test", RequestId = requestId.Length > 0 ? requestId : Guid.NewGuid().ToString() }, Once);

    public async Task<IReadOnlyList<HistoryEvent>> EventsAsync(string runId = "") =>
        [.. (await Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = temporal.Namespace, Execution = new() { WorkflowId = Id, RunId = runId } }, Once)).History.Events];

    public Task<DescribeWorkflowExecutionResponse> DescribeAsync() => Service.DescribeWorkflowExecutionAsync(new() { Namespace = temporal.Namespace, Execution = Execution }, Once);

    /// <summary>Types of a run's events in order, without those of workflow tasks when <paramref name="tasks"/> is false.</summary>
    public async Task<EventType[]> TypesAsync(string runId = "", bool tasks = true) =>
        [.. (await EventsAsync(runId)).Select(e => e.EventType).Where(t => tasks || !t.ToString().StartsWith("WorkflowTask", StringComparison.Ordinal))];

    public static async Task<RpcException> RefusedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException refused)
        {
            return refused;
        }
        throw new InvalidOperationException("The call was not refused.");
    }
}
