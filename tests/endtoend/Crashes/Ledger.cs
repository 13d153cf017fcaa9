using Temporalio.Activities;
using Temporalio.Workflows;

namespace Rotation.Tests.EndToEnd.Crashes;

/// <summary>Writes down every word it is told, each through an activity, until it is told to end; its result is all of them.</summary>
[Workflow]
public sealed class Ledger
{
    private readonly List<string> _written = [];
    private readonly Queue<string> _told = new();
    private bool _ended;

    /// <summary>Runs it.</summary>
    [WorkflowRun]
    public async Task<List<string>> RunAsync()
    {
        while (true)
        {
            await Workflow.WaitConditionAsync(() => _told.Count > 0 || _ended);
            if (!_told.TryDequeue(out string? word))
                break;
            _written.Add(await Workflow.ExecuteActivityAsync(() => Scribe.Write(word), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) }));
        }

        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(200));
        return _written;
    }

    /// <summary>By signal.</summary>
    [WorkflowSignal]
    public async Task TellAsync(string word) => _told.Enqueue(word);

    /// <summary>By update: answered once it has been written.</summary>
    [WorkflowUpdate]
    public async Task<int> AskAsync(string word)
    {
        _told.Enqueue(word);
        await Workflow.WaitConditionAsync(() => _written.Contains(word));
        return _written.Count;
    }

    /// <summary>No more words come.</summary>
    [WorkflowSignal]
    public async Task EndAsync() => _ended = true;
}

/// <summary>Its activity.</summary>
public static class Scribe
{
    /// <summary>Gives the word back.</summary>
    [Activity]
    public static string Write(string word) => word;
}
