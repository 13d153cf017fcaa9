using Temporalio.Activities;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Tests.Conformance.Samples;

[Workflow]
public sealed class Echo
{
    [WorkflowRun]
    public Task<string> RunAsync(string text) => Task.FromResult(text);
}

/// <summary>Collects words until it is told to end.</summary>
[Workflow]
public sealed class Waiter
{
    private readonly List<string> _words = [];
    private bool _ended;

    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        await Workflow.WaitConditionAsync(() => _ended);
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        return string.Join(',', _words);
    }

    [WorkflowSignal]
    public async Task SayAsync(string word) => _words.Add(word);

    [WorkflowSignal]
    public async Task EndAsync() => _ended = true;

    [WorkflowQuery]
    public string Words() => string.Join(',', _words);

    [WorkflowQuery]
    public string Broken() => throw new InvalidOperationException("this query always fails");

    [WorkflowUpdate]
    public async Task<int> AddAsync(string word)
    {
        if (word == "fail")
            throw new ApplicationFailureException("cannot add", "CannotAdd");
        if (word == "slow")
            await Workflow.DelayAsync(1);
        _words.Add(word);
        return _words.Count;
    }

    [WorkflowUpdateValidator(nameof(AddAsync))]
    public void ValidateAdd(string word)
    {
        if (word.Length == 0)
            throw new ApplicationFailureException("an empty word");
    }
}

/// <summary>Runs one activity as it is told.</summary>
[Workflow]
public sealed class Doer
{
    [WorkflowRun]
    public Task<string> RunAsync(string activity, string input, int attempts, int timeoutMs, int heartbeatMs) => Workflow.ExecuteActivityAsync<string>(
        activity,
        [input],
        new()
        {
            StartToCloseTimeout = TimeSpan.FromMilliseconds(timeoutMs),
            HeartbeatTimeout = heartbeatMs > 0 ? TimeSpan.FromMilliseconds(heartbeatMs) : null,
            RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromMilliseconds(10), MaximumAttempts = attempts },
            Summary = "does it",
        });
}

public static class Acts
{
    [Activity]
    public static string Upper(string text) => text.ToUpperInvariant();

    [Activity]
    public static string FailUntil(string attempt) =>
        ActivityExecutionContext.Current.Info.Attempt >= int.Parse(attempt) ? $"attempt {ActivityExecutionContext.Current.Info.Attempt}" : throw new ApplicationFailureException("not yet", "NotYet");

    [Activity]
    public static string Refuse(string why) => throw new ApplicationFailureException(why, "Refused", nonRetryable: true);

    [Activity]
    public static async Task<string> Hang(string text)
    {
        await Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.CancellationToken);
        return text;
    }

    /// <summary>Beats once with its attempt and, on the first, then goes silent; on the second tells what the first had said.</summary>
    [Activity]
    public static async Task<string> BeatThenSilence(string text)
    {
        var info = ActivityExecutionContext.Current.Info;
        if (info.Attempt > 1)
            return info.HeartbeatDetails.Count > 0 ? await info.HeartbeatDetailAtAsync<string>(0) : "nothing";
        ActivityExecutionContext.Current.Heartbeat(text);
        await Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.WorkerShutdownToken);
        return text;
    }

    [Activity]
    public static async Task<string> BeatUntilCancelled(string text)
    {
        using var beats = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await beats.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken))
            ActivityExecutionContext.Current.Heartbeat(text);
        return text;
    }

    [Activity]
    public static string CompleteLater(string text) => throw new CompleteAsyncException();

    [Activity]
    public static string RetryIn(string milliseconds) => ActivityExecutionContext.Current.Info.Attempt > 1
        ? "done"
        : throw new ApplicationFailureException("later", nextRetryDelay: TimeSpan.FromMilliseconds(int.Parse(milliseconds)));
}

[Workflow]
public sealed class Sleeper
{
    [WorkflowRun]
    public async Task<string> RunAsync(int milliseconds)
    {
        try
        {
            await Workflow.DelayWithOptionsAsync(new(TimeSpan.FromMilliseconds(milliseconds), "a nap", Workflow.CancellationToken));
            return "slept";
        }
        catch (OperationCanceledException) when (milliseconds > 60_000)
        {
            // Long sleepers take a cancel request as their end.
            throw;
        }
    }
}

[Workflow]
public sealed class Parent
{
    [WorkflowRun]
    public async Task<string> RunAsync(string childId, string policy, bool wait)
    {
        var options = new ChildWorkflowOptions { Id = childId, ParentClosePolicy = Enum.Parse<ParentClosePolicy>(policy) };
        var child = await Workflow.StartChildWorkflowAsync((Waiter w) => w.RunAsync(), options);
        if (!wait)
            return "left";
        await child.SignalAsync(w => w.SayAsync("from the parent"));
        await child.SignalAsync(w => w.EndAsync());
        return await child.GetResultAsync();
    }
}

[Workflow]
public sealed class Again
{
    [WorkflowRun]
    public Task<int> RunAsync(int left) => left == 0 ? Task.FromResult(7) : throw Workflow.CreateContinueAsNewException((Again a) => a.RunAsync(left - 1));
}

[Workflow]
public sealed class Failing
{
    [WorkflowRun]
    public Task RunAsync(string message) => throw new ApplicationFailureException(message, "Broken", nonRetryable: true, details: ["more"]);
}

/// <summary>Tells what it was started with, and upserts what it is told to.</summary>
[Workflow]
public sealed class Teller
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        Workflow.UpsertMemo(MemoUpdate.ValueSet("added", "later"));
        Workflow.CurrentDetails = "**told**";
        await Workflow.DelayAsync(1);
        return $"{Workflow.Info.Attempt}";
    }
}

/// <summary>Leaves a version marker and the marker of a local activity.</summary>
[Workflow]
public sealed class Marker
{
    [WorkflowRun]
    public async Task<string> RunAsync(string text) => Workflow.Patched("a-patch")
        ? await Workflow.ExecuteLocalActivityAsync(() => Acts.Upper(text), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) })
        : "not patched";
}

/// <summary>Signals or cancels a workflow that is none of its children.</summary>
[Workflow]
public sealed class Outsider
{
    [WorkflowRun]
    public async Task<string> RunAsync(string id, bool cancel)
    {
        var handle = Workflow.GetExternalWorkflowHandle<Waiter>(id);
        if (cancel)
            await handle.CancelAsync();
        else
            await handle.SignalAsync(w => w.EndAsync());
        return "sent";
    }
}

/// <summary>Fails its workflow tasks until the static switch is thrown.</summary>
[Workflow]
public sealed class Crash
{
    public static System.Collections.Concurrent.ConcurrentDictionary<string, bool> Mended { get; } = new();

    [WorkflowRun]
    public Task<string> RunAsync(string key) => Mended.ContainsKey(key) ? Task.FromResult("mended") : throw new InvalidOperationException("a bug in the workflow");
}

/// <summary>Fails until its attempt is high enough.</summary>
[Workflow]
public sealed class Later
{
    [WorkflowRun]
    public Task<int> RunAsync(int attempts) => Workflow.Info.Attempt >= attempts ? Task.FromResult(Workflow.Info.Attempt) : throw new ApplicationFailureException("not yet");
}

/// <summary>Cancels its activity once it runs, and tells how that ended.</summary>
[Workflow]
public sealed class Canceller
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
        var task = Workflow.ExecuteActivityAsync(() => Acts.BeatUntilCancelled("x"), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1), HeartbeatTimeout = TimeSpan.FromSeconds(5), CancellationToken = source.Token, CancellationType = ActivityCancellationType.WaitCancellationCompleted });
        await Workflow.DelayAsync(300);
        Cancel(source);
        try
        {
            return await task;
        }
        catch (ActivityFailureException e) when (e.InnerException is CanceledFailureException)
        {
            return "cancelled";
        }
    }

    // CancelAsync would leave the workflow's scheduler.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
