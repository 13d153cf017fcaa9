namespace Rotation.Workflows.Procedures;

/// <summary>What one kind of rotation is made of; all else is the same for every kind.</summary>
internal sealed record Procedure
{
    /// <summary>Why it holds the cluster's lock, such as <c>rotates keypairs</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What is wrong with the request; empty when it can be run.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Reads everything, checks it, makes the plan. Changes nothing.</summary>
    public required Func<Task> PrepareAsync { get; init; }

    /// <summary>Makes another plan after a way back to a step: what is given is the step that is next. Null: the plan stays.</summary>
    public Func<string, Task>? ReplanAsync { get; init; }

    /// <summary>The steps in order, asked for once, after the preparation.</summary>
    public required Func<IReadOnlyList<IRotationStep>> Steps { get; init; }

    /// <summary>Finds what somebody else changed.</summary>
    public required IStateCheck Check { get; init; }

    /// <summary>What is so when every step is done, in words.</summary>
    public required string Completed { get; init; }

    /// <summary>What is so when all is taken back, in words.</summary>
    public required string RolledBack { get; init; }
}
