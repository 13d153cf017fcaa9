using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>Clients of a cluster's API: one for as long as the worker's credential stays the same, so that calls share connections.</summary>
internal sealed class KubernetesClients(WorkerCredential credential, RotationOptions options)
{
    // An API server that was replaced must not be waited for on a connection that nobody answers any more.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromSeconds(15);
    private readonly ConditionalWeakTable<Kubeconfig, IKubernetes> _clients = [];

    /// <summary>The client for the credential of this moment. It is shared: nobody disposes of it.</summary>
    public async Task<IKubernetes> ConnectAsync(ClusterRef cluster, CancellationToken ct)
    {
        Kubeconfig kubeconfig = await credential.GetAsync(cluster, ct).ConfigureAwait(false);
        return _clients.TryGetValue(kubeconfig, out IKubernetes? known) ? known : _clients.GetOrAdd(kubeconfig, await CreateAsync(cluster, kubeconfig).ConfigureAwait(false));
    }

    /// <summary>A client of one API server, past whatever balances between them. Whoever asked for it disposes of it.</summary>
    public async Task<IKubernetes> ConnectToAsync(ClusterRef cluster, IPEndPoint server, CancellationToken ct)
    {
        var direct = Kubeconfig.Parse((await credential.GetAsync(cluster, ct).ConfigureAwait(false)).ToBytes(), "the worker's kubeconfig");
        direct.ConnectTo(cluster.Name, server.ToString());
        return await CreateAsync(cluster, direct).ConfigureAwait(false);
    }

    private async Task<IKubernetes> CreateAsync(ClusterRef cluster, Kubeconfig kubeconfig)
    {
        using var text = new MemoryStream(kubeconfig.ToBytes());
        KubernetesClientConfiguration configuration = await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(text, currentContext: cluster.Name).ConfigureAwait(false);
        configuration.HttpClientTimeout = options.Deadlines.Call;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.SslOptions.RemoteCertificateValidationCallback = Check(kubeconfig, cluster.Name);
            handler.PooledConnectionLifetime = ConnectionLifetime;
            handler.ConnectTimeout = options.Deadlines.Handshake;
        };
        return new Kubernetes(configuration);
    }

    /// <summary>
    /// Our own check instead of the client's, which stops looking at the name once the chain is private: the chain must end in one of the bundle's CAs, and the name must fit.
    /// </summary>
    private static RemoteCertificateValidationCallback Check(Kubeconfig kubeconfig, string cluster)
    {
        IReadOnlyList<X509Certificate2> bundle = kubeconfig.CaCertificates(cluster);
        string name = kubeconfig.ServerName(cluster);
        return (_, served, presented, _) => served is X509Certificate2 certificate && ServerCertificates.IsTrusted(certificate, presented, bundle, name);
    }
}

/// <summary>Checks a server's certificate against a bundle and a name.</summary>
internal static class ServerCertificates
{
    public static bool IsTrusted(X509Certificate2 served, X509Chain? presented, IReadOnlyList<X509Certificate2> bundle, string name)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(bundle.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(e => e.Certificate).ToArray());
        return chain.Build(served) && served.MatchesHostname(name);
    }
}
