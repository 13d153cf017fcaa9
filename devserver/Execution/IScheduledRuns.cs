using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Who wants to hear of the end of runs that a schedule started.</summary>
internal interface IScheduledRuns
{
    /// <summary>The last run of a chain has closed, in this transition.</summary>
    void Closed(Run run, Transition t, HistoryEvent closing);
}
