using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Tests.DevServer.Engine;

/// <summary>Waits for signals, answers queries and updates, until told to finish.</summary>
[Workflow]
public sealed class Conversation
{
    private readonly List<string> _heard = [];
    private bool _done;

    [WorkflowRun]
    public async Task<string> RunAsync(string name)
    {
        await Workflow.WaitConditionAsync(() => _done);
        return $"{name}: {string.Join(",", _heard)}";
    }

    [WorkflowSignal]
    public Task SayAsync(string word)
    {
        _heard.Add(word);
        return Task.CompletedTask;
    }

    [WorkflowSignal]
    public Task FinishAsync()
    {
        _done = true;
        return Task.CompletedTask;
    }

    [WorkflowQuery]
    public int Count() => _heard.Count;

    [WorkflowUpdate]
    public async Task<int> AddAsync(string word)
    {
        await Workflow.DelayAsync(10);
        _heard.Add(word);
        return _heard.Count;
    }

    [WorkflowUpdateValidator(nameof(AddAsync))]
    public void ValidateAdd(string word)
    {
        if (word == "no")
            throw new ApplicationFailureException("not that word");
    }
}

/// <summary>Runs activities one after the other, with a timer between.</summary>
[Workflow]
public sealed class Chain
{
    [WorkflowRun]
    public async Task<int> RunAsync(int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += await Workflow.ExecuteActivityAsync(() => Work.DoubleAsync(i), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
            await Workflow.DelayAsync(5);
        }
        return sum;
    }
}

[Workflow]
public sealed class Flaky
{
    [WorkflowRun]
    public Task<int> RunAsync(int failures) => Workflow.ExecuteActivityAsync(
        () => Work.FailFirstAsync(failures),
        new() { StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(20) } });
}

[Workflow]
public sealed class Parent
{
    [WorkflowRun]
    public async Task<int> RunAsync(string prefix)
    {
        var children = Enumerable.Range(1, 3).Select(n => Workflow.ExecuteChildWorkflowAsync((Chain c) => c.RunAsync(n), new() { Id = $"{prefix}-{n}" }));
        var results = await Workflow.WhenAllAsync(children);
        return results.Sum();
    }
}

[Workflow]
public sealed class Countdown
{
    [WorkflowRun]
    public async Task<string> RunAsync(int left)
    {
        await Workflow.DelayAsync(1);
        if (left > 0)
            throw Workflow.CreateContinueAsNewException((Countdown w) => w.RunAsync(left - 1));
        return "lift-off";
    }
}

[Workflow]
public sealed class Cancellable
{
    [WorkflowRun]
    public Task RunAsync() => Workflow.ExecuteActivityAsync(
        () => Work.BeatUntilCancelledAsync(),
        new()
        {
            StartToCloseTimeout = TimeSpan.FromMinutes(5),
            HeartbeatTimeout = TimeSpan.FromSeconds(1),
            CancellationType = ActivityCancellationType.WaitCancellationCompleted,
        });
}

public static class Work
{
    [Activity]
    public static Task<int> DoubleAsync(int value) => Task.FromResult(value * 2);

    [Activity]
    public static Task<int> FailFirstAsync(int failures)
    {
        var attempt = ActivityExecutionContext.Current.Info.Attempt;
        return attempt > failures ? Task.FromResult(attempt) : throw new InvalidOperationException($"attempt {attempt} fails");
    }

    [Activity]
    public static async Task BeatUntilCancelledAsync()
    {
        using var beats = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            ActivityExecutionContext.Current.Heartbeat();
            await beats.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken);
        }
    }
}

[Workflow]
public sealed class Echo
{
    [WorkflowRun]
    public Task<string> RunAsync(string text) => Task.FromResult(text);
}
