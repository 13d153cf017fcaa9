namespace Rotation.Workflows.Procedures;

/// <summary>One step: how it is done, and how it is taken back. Both may be called again after a failure and then do what is left.</summary>
internal interface IRotationStep
{
    /// <summary>Name, such as <c>3-promote</c>.</summary>
    string Name { get; }

    /// <summary>What people must know to open the gate before it, which has its name; null where it has none.</summary>
    string? WhyGate { get; }

    /// <summary>Why its way back waits at a gate as things stand; null where it does not.</summary>
    string? WhyGateBack { get; }

    /// <summary>Waits, before its gate, for what must have passed. Nothing by default.</summary>
    Task WaitAsync() => Task.CompletedTask;

    /// <summary>Does it, and verifies.</summary>
    Task DoAsync();

    /// <summary>Takes it back by state, not by memory: also what an attempt did without being recorded.</summary>
    Task UndoAsync();
}
