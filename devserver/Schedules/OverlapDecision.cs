using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>What becomes of the actions that wait. Pure. Source: Temporal's schedule overlap policies.</summary>
internal sealed class OverlapDecision
{
    private OverlapDecision()
    {
    }

    /// <summary>Start all of these now: they may overlap.</summary>
    public List<BufferedStart> Overlapping { get; private set; } = [];

    /// <summary>Start this one now, and wait for its end.</summary>
    public BufferedStart? Single { get; private set; }

    /// <summary>These go on waiting.</summary>
    public List<BufferedStart> Waiting { get; } = [];

    public long Skipped { get; private set; }

    public bool Cancel { get; private set; }

    public bool Terminate { get; private set; }

    public static OverlapDecision Of(IEnumerable<BufferedStart> buffer, bool isRunning, Func<ScheduleOverlapPolicy, ScheduleOverlapPolicy> resolve)
    {
        var decision = new OverlapDecision();
        foreach (var start in buffer)
            decision.Place(start, resolve(start.Overlap), isRunning);
        // What would be started now would only be stopped with the rest.
        if (decision.Cancel || decision.Terminate)
            decision.Overlapping = [];
        return decision;
    }

    private void Place(BufferedStart start, ScheduleOverlapPolicy policy, bool isRunning)
    {
        if (policy == ScheduleOverlapPolicy.AllowAll)
            Overlapping.Add(start);
        else if (!isRunning && Single is null)
            Single = start;
        else if (policy == ScheduleOverlapPolicy.BufferAll || (policy == ScheduleOverlapPolicy.BufferOne && Waiting.Count == 0))
            Waiting.Add(start);
        else if (policy is ScheduleOverlapPolicy.CancelOther or ScheduleOverlapPolicy.TerminateOther)
            Displace(start, policy, isRunning);
        else
            Skipped++;
    }

    private void Displace(BufferedStart start, ScheduleOverlapPolicy policy, bool isRunning)
    {
        // Nothing runs yet: the newer one takes the place of the one about to start.
        if (!isRunning)
        {
            Single = start;
            return;
        }

        Cancel |= policy == ScheduleOverlapPolicy.CancelOther;
        Terminate |= policy == ScheduleOverlapPolicy.TerminateOther;
        Waiting.Add(start);
    }
}
