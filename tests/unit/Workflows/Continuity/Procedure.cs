using Rotation.Workflows.Keypairs;

namespace Rotation.Tests.Unit.WorkflowRules.Continuity;

/// <summary>One move of a procedure.</summary>
internal enum Move
{
    Stage, Promote, Distrust, Update, Roll, Verify, Deliver, DeliverAdmin, ClientsFetch,
    DistrustNew, PromoteOld, TrustOld, Restore, ClientsFetchIfDelivered,
}

/// <summary>The moves of each step and of its way back, in the order of the product: its step names, its gates.</summary>
internal sealed record Procedure
{
    /// <summary>Steps in the order in which they are taken.</summary>
    public IReadOnlyList<string> Steps { get; init; } = StepNames.All;

    /// <summary>Moves that are left out, as <c>step/move</c>.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>True: the way back takes the oldest step first.</summary>
    public bool OldestFirst { get; init; }

    public IReadOnlyList<Move> Forward(string step)
    {
        Move[] gate = step != StepNames.Stage && StepNames.ChangesTrust(step) ? [Move.ClientsFetch] : [];
        Move[] moves = step switch
        {
            StepNames.Stage => [Move.Stage, Move.Update, Move.Roll, Move.Verify],
            StepNames.Promote => [Move.Promote, Move.Update, Move.Roll, Move.Verify],
            StepNames.Distrust => [Move.Distrust, Move.Update, Move.Roll, Move.Verify],
            StepNames.ExportAdmin => [Move.DeliverAdmin],
            _ => [Move.Deliver],
        };
        return [.. gate.Concat(moves).Where(m => !Without.Contains($"{step}/{m}"))];
    }

    public IReadOnlyList<Move> Back(string step)
    {
        Move[] moves = step switch
        {
            StepNames.Stage => [Move.ClientsFetchIfDelivered, Move.DistrustNew, Move.Update, Move.Roll, Move.Verify],
            StepNames.Promote => [Move.ClientsFetchIfDelivered, Move.PromoteOld, Move.Update, Move.Roll, Move.Verify],
            StepNames.Distrust => [Move.TrustOld, Move.Update, Move.Roll, Move.Verify],
            _ => [Move.Restore],
        };
        return [.. moves.Where(m => !Without.Contains($"back-{step}/{m}"))];
    }
}
