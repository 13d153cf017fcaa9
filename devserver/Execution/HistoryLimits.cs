namespace Rotation.DevServer.Execution;

/// <summary>How long a run's history may get. One that is longer is terminated, as upstream: it would only get slower and never end by itself.</summary>
internal sealed record HistoryLimits(int Events, long Bytes)
{
    /// <summary>Ends the runs of a transition that have grown too much.</summary>
    public void Enforce(Transition t)
    {
        foreach (var run in t.Touched.Where(r => r.State.IsOpen).ToList())
        {
            if (run.State.HistoryBytes > Bytes)
                Closing.Terminate(run, t, "Workflow history size exceeds limit.", null, Closing.Identity);
            else if (run.State.NextEventId - 1 > Events)
                Closing.Terminate(run, t, "Workflow history count exceeds limit.", null, Closing.Identity);
        }
    }
}
