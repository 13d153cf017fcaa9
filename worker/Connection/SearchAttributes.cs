namespace Rotation.Worker.Connection;

/// <summary>Search attributes of every rotation, all of type Keyword.</summary>
internal static class SearchAttributes
{
    public const string Cluster = "RotationCluster";
    public const string Kind = "RotationKind";
    public const string Step = "RotationStep";
    public const string State = "RotationState";

    public static IReadOnlyList<string> Names { get; } = [Cluster, Kind, Step, State];
}
