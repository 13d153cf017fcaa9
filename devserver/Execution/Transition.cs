using Rotation.DevServer.Visibility.Attributes;

namespace Rotation.DevServer.Execution;

/// <summary>How a transition finds and adds runs. Under the engine's lock.</summary>
internal interface IRunDirectory
{
    /// <summary>The newest run of a workflow id, open or closed; null when there was none.</summary>
    Run? Current(string namespaceName, string workflowId);

    /// <summary>A run by its id; null when unknown.</summary>
    Run? Find(string runId);

    void Add(Run run);

    /// <summary>Search attributes a namespace knows.</summary>
    AttributeTypes Attributes(string namespaceName);
}

/// <summary>
/// One atomic step of the server: the runs it touches are written together, or none is. What concerns other runs is done at its
/// end, in the order asked for, so that all events of the first run come before their consequences.
/// </summary>
internal sealed class Transition(IRunDirectory runs, IScheduledRuns scheduled, DateTime now)
{
    private readonly HashSet<Run> _touched = [];
    private readonly Queue<Action> _after = new();
    private readonly Queue<Action> _afterWritten = new();

    /// <summary>The one instant of this transition, UTC.</summary>
    public DateTime Now { get; } = now;

    public IRunDirectory Runs { get; } = runs;

    public IScheduledRuns Scheduled { get; } = scheduled;

    public IReadOnlyCollection<Run> Touched => _touched;

    public void Touch(Run run) => _touched.Add(run);

    public void After(Action action) => _after.Enqueue(action);

    /// <summary>Done once the transition has been handed to the store: it cannot fail any more.</summary>
    public void AfterWritten(Action action) => _afterWritten.Enqueue(action);

    public void Written()
    {
        while (_afterWritten.TryDequeue(out var action))
            action();
    }

    public void Finish()
    {
        while (_after.TryDequeue(out var action))
            action();
    }
}
