namespace Rotation.Workflows;

/// <summary>Task queues that our workers poll.</summary>
public static class TaskQueues
{
    /// <summary>The one queue of workflows and activities.</summary>
    public const string Rotation = "rotation";
}
