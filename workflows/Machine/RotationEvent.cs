namespace Rotation.Workflows.Machine;

/// <summary>What moves a rotation from one state to the next.</summary>
public enum RotationEvent
{
    /// <summary>A gate is reached.</summary>
    GateReached,

    /// <summary>The gate before a step opens.</summary>
    GatePassed,

    /// <summary>The gate before a way back opens.</summary>
    RollbackGatePassed,

    /// <summary>A person pauses.</summary>
    Pause,

    /// <summary>Something failed for good, a person rejected a gate, or a way back reached the step named: a person must say how to go on.</summary>
    Hold,

    /// <summary>A person lets the steps go on.</summary>
    Resume,

    /// <summary>A person lets the way back go on.</summary>
    ResumeRollback,

    /// <summary>The way back begins.</summary>
    Rollback,

    /// <summary>Every step is done and verified.</summary>
    Complete,

    /// <summary>The way back has reached the start, verified.</summary>
    BackAtStart,

    /// <summary>Ends without having changed anything: refused, rejected at the first gate, or cancelled before the first change.</summary>
    Refuse,
}
