using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>Proves that configured sinks can be read; writes nothing.</summary>
public static class SinkCheck
{
    /// <summary>Names of all configured sinks.</summary>
    /// <param name="services">Services with the activities in them.</param>
    public static IReadOnlyList<string> NamesIn(IServiceProvider services) => [.. services.GetRequiredService<RotationOptions>().Sinks.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads what a sink holds for a cluster and tells its size, never its content. Fails with <c>SinkFailed</c>.</summary>
    /// <param name="services">Services with the activities in them.</param>
    /// <param name="name">Name of the sink.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What was found, in words.</returns>
    public static async Task<string> ProveAsync(IServiceProvider services, string name, string cluster, CancellationToken ct)
    {
        (_, IKubeconfigSink sink) = services.GetRequiredService<Sinks>().Choose([name]).Single();
        byte[]? content = await sink.ReadAsync(cluster, ct).ConfigureAwait(false);
        return content is null ? "can be read; holds nothing yet" : $"can be read; holds {content.Length} bytes";
    }
}
