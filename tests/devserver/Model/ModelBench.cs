using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Tests.DevServer.Model;

/// <summary>A server on a file that can be started again at any time, and the commands, sent as a client and a worker send them.</summary>
internal sealed class ModelBench : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private EmbeddedServer _server = null!;
    private TemporalClient _client = null!;

    public static async Task<ModelBench> OpenAsync()
    {
        var bench = new ModelBench();
        await bench.StartAsync();
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Does one step; the status it was refused with, or null.</summary>
    public async Task<RpcException.StatusCode?> DoAsync(Step step, string word, bool hasTask)
    {
        try
        {
            await SendAsync(step, word, hasTask);
            return null;
        }
        catch (WorkflowAlreadyStartedException)
        {
            return RpcException.StatusCode.AlreadyExists;
        }
        catch (RpcException refused)
        {
            return refused.Code;
        }
    }

    public async Task CheckAsync(Dictionary<string, ModelRun> model, string story)
    {
        foreach ((string id, ModelRun expected) in model)
        {
            WorkflowHandle handle = _client.GetWorkflowHandle(id);
            (await handle.DescribeAsync()).Status.ShouldBe(expected.Status, story);
            List<HistoryEvent> events = [.. (await handle.FetchHistoryAsync()).Events];
            events.Select(e => e.EventId).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n), story);
            events.Where(e => e.EventType == EventType.WorkflowExecutionSignaled).Select(e => e.WorkflowExecutionSignaledEventAttributes.SignalName).ShouldBe(expected.Signals, story);
            events.Any(e => e.EventType == EventType.WorkflowExecutionCancelRequested).ShouldBe(expected.CancelRequested, story);
            int scheduled = events.Count(e => e.EventType == EventType.WorkflowTaskScheduled), done = events.Count(e => e.EventType == EventType.WorkflowTaskCompleted);
            if (expected.IsOpen)
                (scheduled - done).ShouldBe(expected.HasTask ? 1 : 0, story);
        }
    }

    private Task SendAsync(Step step, string word, bool hasTask) => step.Command switch
    {
        Command.Start => StartAsync(step, WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy.Fail),
        Command.StartOnce => StartAsync(step, WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.Fail),
        Command.StartOrUse => StartAsync(step, WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy.UseExisting),
        Command.StartInstead => StartAsync(step, WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy.TerminateExisting),
        Command.Signal => _client.GetWorkflowHandle(step.Id).SignalAsync(word, []),
        Command.SignalWithStart => _client.StartWorkflowAsync("Modelled", [], new(step.Id, step.Id) { StartSignal = word }),
        Command.Cancel => _client.GetWorkflowHandle(step.Id).CancelAsync(),
        Command.Terminate => _client.GetWorkflowHandle(step.Id).TerminateAsync(),
        Command.Work when hasTask => WorkAsync(step.Id, complete: false),
        Command.Complete when hasTask => WorkAsync(step.Id, complete: true),
        Command.Restart => RestartAsync(),
        _ => Task.CompletedTask,
    };

    private Task<WorkflowHandle> StartAsync(Step step, WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict) =>
        _client.StartWorkflowAsync("Modelled", [], new(step.Id, step.Id) { IdReusePolicy = reuse, IdConflictPolicy = conflict });

    private async Task WorkAsync(string queue, bool complete)
    {
        PollWorkflowTaskQueueResponse task = await _client.WorkflowService.PollWorkflowTaskQueueAsync(new() { Namespace = "default", TaskQueue = new() { Name = queue }, Identity = "model" });
        task.TaskToken.IsEmpty.ShouldBeFalse();
        var answer = new RespondWorkflowTaskCompletedRequest { Namespace = "default", TaskToken = task.TaskToken, Identity = "model" };
        if (complete)
            answer.Commands.Add(new Temporalio.Api.Command.V1.Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() });
        await _client.WorkflowService.RespondWorkflowTaskCompletedAsync(answer);
    }

    private async Task RestartAsync()
    {
        await _server.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _server = await EmbeddedServer.StartAsync(new() { DatabasePath = _folder.Combine("model.db") }, CancellationToken.None);
        _client = await TemporalClient.ConnectAsync(new(_server.Address));
    }
}
