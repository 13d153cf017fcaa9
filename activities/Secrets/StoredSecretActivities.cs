using System.Net;
using k8s;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Activities.Trust;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Secrets;

/// <summary>Works on the Secrets of the Kubernetes API, which it never shows to anybody.</summary>
internal sealed class StoredSecretActivities(KubernetesClients clients, Servers servers) : IStoredSecretActivities
{
    private const int PageSize = 500;

    /// <inheritdoc/>
    [Activity]
    public async Task<RewrittenSecrets> RewriteSecretsAsync(ClusterRef cluster)
    {
        ActivityExecutionContext context = ActivityExecutionContext.Current;
        IKubernetes api = await clients.ConnectAsync(cluster, context.CancellationToken).ConfigureAwait(false);
        SecretPassProgress? from = context.Info.HeartbeatDetails.Count > 0 ? await context.Info.HeartbeatDetailAtAsync<SecretPassProgress>(0).ConfigureAwait(false) : null;
        return await new SecretPass(api, p => context.Heartbeat(p), context.CancellationToken).RunAsync(from).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<ReadableSecrets> ReadSecretsAsync(ClusterRef cluster)
    {
        CancellationToken ct = ActivityExecutionContext.Current.CancellationToken;
        List<SecretReadings> readings = [];
        foreach (ServerAddress server in (await servers.FindAsync(cluster, ct).ConfigureAwait(false)).Where(s => s.Component == "kube-apiserver"))
            readings.Add(server.Address is { } address ? await ReadAsync(cluster, server.Node, address, ct).ConfigureAwait(false) : new(server.Node, 0, "it has no address"));
        return new(readings);
    }

    private async Task<SecretReadings> ReadAsync(ClusterRef cluster, string node, IPEndPoint address, CancellationToken ct)
    {
        int count = 0;
        try
        {
            using IKubernetes api = await clients.ConnectToAsync(cluster, address, ct).ConfigureAwait(false);
            for (string? mark = null; ;)
            {
                string? from = mark;
                V1SecretList page = await ApiFailures.GuardAsync(() => api.CoreV1.ListSecretForAllNamespacesAsync(limit: PageSize, continueParameter: from, cancellationToken: ct), ct).ConfigureAwait(false);
                count += page.Items.Count;
                mark = page.Metadata?.ContinueProperty;
                ActivityExecutionContext.Current.Heartbeat(count);
                if (string.IsNullOrEmpty(mark))
                    return new(node, count, null);
            }
        }
        catch (ApplicationFailureException e) when (e.ErrorType == RotationErrors.ApiUnavailable)
        {
            return new(node, count, e.Message);
        }
    }
}
