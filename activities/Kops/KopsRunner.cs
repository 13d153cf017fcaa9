using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Kops;

/// <summary>Runs kops for a cluster. Heartbeats while it runs. Fails with the error types of <see cref="KopsFailures"/>.</summary>
internal interface IKops
{
    /// <summary>Version of the binary that serves the cluster. Fails with <c>KopsVersionUnknown</c>.</summary>
    Task<KopsVersion> VersionAsync(ClusterRef cluster, CancellationToken ct);

    /// <summary>Runs a command; the cluster's name and state store are added. Any exit code but 0 is a failure.</summary>
    Task<KopsAnswer> RunAsync(ClusterRef cluster, KopsCommand command, CancellationToken ct);
}

/// <summary>Runs the configured binary.</summary>
internal sealed class KopsRunner(RotationOptions options, KopsBinaries binaries, KopsProcess process) : IKops
{
    public async Task<KopsVersion> VersionAsync(ClusterRef cluster, CancellationToken ct) => (await binaries.ForAsync(cluster.Name, ct).ConfigureAwait(false)).Version;

    public async Task<KopsAnswer> RunAsync(ClusterRef cluster, KopsCommand command, CancellationToken ct)
    {
        (string path, _) = await binaries.ForAsync(cluster.Name, ct).ConfigureAwait(false);
        KopsCommand named = command with { Arguments = [.. command.Arguments, "--name", cluster.Name] };
        await using Pulse pulse = Pulse.Start(named.ToString(), options.Deadlines.Poll);
        KopsAnswer answer = await process.RunAsync(path, named with { OnLine = Progress(command, pulse) }, Environment(cluster, command), ct).ConfigureAwait(false);
        return answer.ExitCode == 0 || command.MayFail ? answer : throw KopsFailures.For(named, answer);
    }

    private static Action<string>? Progress(KopsCommand command, Pulse pulse) => command.OnLine is not { } onLine ? null : line =>
    {
        pulse.Tell(Redaction.Summary(line));
        onLine(line);
    };

    private Dictionary<string, string> Environment(ClusterRef cluster, KopsCommand command)
    {
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = StateStoreOf(cluster),
            // Without this kops writes into the kubeconfig of the user that the worker runs as.
            ["KUBECONFIG"] = command.Kubeconfig ?? "/dev/null",
        };
        if (options.Aws.EndpointUrl is { Length: > 0 } endpoint)
            environment["AWS_ENDPOINT_URL"] = endpoint;
        return environment;
    }

    private string StateStoreOf(ClusterRef cluster) => cluster.StateStore ?? options.StateStore
        ?? throw RotationErrors.Permanent(RotationErrors.StateStoreInvalid, "The request names no state store and the worker has none; set Rotation:StateStore or KOPS_STATE_STORE.");
}
