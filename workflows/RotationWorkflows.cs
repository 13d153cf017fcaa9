namespace Rotation.Workflows;

/// <summary>Every workflow class, for the worker to register.</summary>
public static class RotationWorkflows
{
    /// <summary>The classes.</summary>
    public static IReadOnlyList<Type> Types { get; } = [typeof(RotateKeypairs), typeof(RotateSecret), typeof(LegacyRotation), typeof(RollCluster), typeof(RollInstanceGroup), typeof(ClusterHold), typeof(ClusterLock), typeof(RotateFleet), typeof(RotationPolicy)];
}
