using Rotation.Activities.Preflight.Sources;

namespace Rotation.Activities.Preflight;

/// <summary>The sources in the order in which they are read: what others depend on first.</summary>
internal sealed class FactSources(IEnumerable<IFactSource> sources)
{
    /// <summary>The classes, for the service collection, in that order.</summary>
    public static readonly IReadOnlyList<Type> Types =
    [
        typeof(SpecSource), typeof(KeystoreSource), typeof(UpdateSource), typeof(KubernetesSource), typeof(InstanceSource), typeof(ServedSource), typeof(CloudSource), typeof(SinkSource),
        typeof(WorkerSource),
    ];

    /// <summary>The sources.</summary>
    public IReadOnlyList<IFactSource> All { get; } = [.. sources];
}
