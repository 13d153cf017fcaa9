using Rotation.Activities.Hosting;
using Rotation.Activities.Stores;
using Rotation.Workflows;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>Makes the sinks that the worker's configuration names.</summary>
internal sealed class Sinks(RotationOptions options, S3Clients s3)
{
    /// <summary>The sinks asked for, else the default ones, each once, in that order. Fails with <c>SinkUnknown</c>.</summary>
    public IReadOnlyList<(string Name, IKubeconfigSink Sink)> Choose(IReadOnlyList<string> names) =>
        [.. (names.Count > 0 ? names : options.DefaultSinks.AsReadOnly()).Distinct(StringComparer.OrdinalIgnoreCase).Select(n => (n, Make(n)))];

    private IKubeconfigSink Make(string name)
    {
        if (!options.Sinks.TryGetValue(name, out SinkOptions? sink))
            throw RotationErrors.Permanent(RotationErrors.SinkUnknown, $"The worker has no sink '{name}'; it has: {string.Join(", ", options.Sinks.Keys.Order(StringComparer.Ordinal))}.");
        return sink.Type switch
        {
            SinkType.File => new FileSink(name, sink),
            SinkType.Secret => new SecretSink(name, sink),
            SinkType.S3 => new S3Sink(name, sink, s3.For(sink.Endpoint, sink.Region)),
            SinkType.Command => new CommandSink(name, sink, options.Deadlines),
            _ => throw RotationErrors.Permanent(RotationErrors.SinkUnknown, $"Sink '{name}' has no type."),
        };
    }
}
