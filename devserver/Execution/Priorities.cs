using Temporalio.Api.Common.V1;

namespace Rotation.DevServer.Execution;

/// <summary>What activities and children get of their run's priority: all that they do not say themselves.</summary>
internal static class Priorities
{
    public static Priority? Merged(Run run, Priority? own)
    {
        var inherited = run.Event(1).WorkflowExecutionStartedEventAttributes.Priority;
        if (inherited is null || own is null)
            return own ?? inherited;
        return new()
        {
            PriorityKey = own.PriorityKey != 0 ? own.PriorityKey : inherited.PriorityKey,
            FairnessKey = own.FairnessKey.Length > 0 ? own.FairnessKey : inherited.FairnessKey,
            FairnessWeight = own.FairnessWeight != 0 ? own.FairnessWeight : inherited.FairnessWeight,
        };
    }
}
