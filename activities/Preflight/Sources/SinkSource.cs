using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>What the sinks hold now.</summary>
internal sealed class SinkSource(Kubeconfigs.Sinks sinks) : IFactSource
{
    public string Unread => "sink-unknown";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        List<SinkFacts> read = [];
        foreach ((string name, IKubeconfigSink sink) in sinks.Choose(facts.Input.Sinks))
            read.Add(await LookAsync(name, sink, facts.Input.Cluster.Name, ct).ConfigureAwait(false));
        return facts with { Sinks = read };
    }

    private static async Task<SinkFacts> LookAsync(string name, IKubeconfigSink sink, string cluster, CancellationToken ct)
    {
        byte[]? content;
        try
        {
            content = await sink.ReadAsync(cluster, ct).ConfigureAwait(false);
        }
        catch (ApplicationFailureException e)
        {
            return new(name, e.Message, IsKubeconfig: false, []);
        }

        if (content is not { Length: > 0 })
            return new(name, null, IsKubeconfig: true, []);
        try
        {
            return new(name, null, IsKubeconfig: true, Kubeconfig.Parse(content, $"What sink '{name}' holds").CaFingerprints(cluster));
        }
        catch (ApplicationFailureException)
        {
            return new(name, null, IsKubeconfig: false, []);
        }
    }
}
