namespace Rotation.Workflows.Rolls;

/// <summary>Limits of one instance group in a roll.</summary>
/// <param name="Surge">Replacements that may be started ahead at once, and as many nodes whose replacement serves may be drained meanwhile.</param>
/// <param name="Unavailable">Nodes by which the group may serve with less.</param>
public sealed record GroupPolicy(int Surge, int Unavailable)
{
    /// <summary>Everything but workers: one by one, never ahead.</summary>
    public static GroupPolicy OneByOne { get; } = new(0, 1);

    /// <summary>Nodes at most in some stage of their replacement. Drains of nodes that are replaced overlap the boots of the next replacements.</summary>
    public int AtOnce => (2 * Surge) + Unavailable;
}
