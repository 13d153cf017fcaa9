using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Testing;

namespace Rotation.Worker.Checks;

/// <summary>What a rotation of one cluster needs, proved by the very activities that a rotation uses; reads only.</summary>
internal sealed class ClusterDependencies(IServiceProvider services, ClusterRef cluster)
{
    public IEnumerable<Dependency> All =>
    [
        new("kops and state store", _ => InActivityAsync<IClusterActivities, string>(async a =>
        {
            ClusterFacts facts = await a.ReadClusterAsync(cluster).ConfigureAwait(false);
            return $"kops {facts.KopsVersion}, {facts.StateStore}, Kubernetes {facts.KubernetesVersion}, {facts.InstanceGroups.Count} instance groups";
        })),
        new("keysets", _ => InActivityAsync<IClusterActivities, string>(async a => $"{(await a.ReadKeysetsAsync(cluster).ConfigureAwait(false)).Keysets.Count} keysets")),
        new("cloud", _ => InActivityAsync<IClusterActivities, string>(async a => $"{(await a.ReadInstancesAsync(cluster).ConfigureAwait(false)).Instances.Count} instances")),
        new("nodes and API servers", _ => InActivityAsync<ITrustActivities, string>(async a => Readable(await a.ReadTrustAsync(cluster).ConfigureAwait(false)))),
        .. SinkCheck.NamesIn(services).Select(name => new Dependency($"sink {name}", cancel => SinkCheck.ProveAsync(services, name, cluster.Name, cancel))),
    ];

    private static string Readable(TrustMatrix matrix)
    {
        ServerTrust[] unreadable = [.. matrix.Servers.Where(s => s.Unreadable is not null)];
        return unreadable.Length == 0
            ? $"{matrix.Servers.Count} servers answer"
            : throw new InvalidOperationException(string.Join("; ", unreadable.Select(s => $"{s.Node} {s.Component}: {s.Unreadable}")));
    }

    private Task<TResult> InActivityAsync<TActivities, TResult>(Func<TActivities, Task<TResult>> use)
        where TActivities : class
    {
        Type implementation = ActivityRegistration.ActivityTypes.Single(typeof(TActivities).IsAssignableFrom);
        var activities = (TActivities)services.GetRequiredService(implementation);
        return new ActivityEnvironment().RunAsync(() => use(activities));
    }
}
