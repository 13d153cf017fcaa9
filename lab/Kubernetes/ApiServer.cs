using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>One kube-apiserver: TLS with the certificate and the client CAs as of the node's boot.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _draining = new();

    private ApiServer(WebApplication app, CancellationTokenSource draining) => (_app, _draining) = (app, draining);

    public int Port { get; private init; }

    public bool IsDraining => _draining.IsCancellationRequested;

    public static async Task<ApiServer> StartAsync(LabWorld world, Instance instance, NodeMaterial material, CancellationToken cancel)
    {
        var tls = ServerTls.Options(ServerCertificate(world.Options.ClusterName, material), material.Ca, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        var draining = new CancellationTokenSource();
        var handler = new ApiHandler(world, instance, material, draining.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        }));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = DrainLimit);
        var app = builder.Build();
        app.Run(handler.HandleAsync);
        await app.StartAsync(cancel).ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new ApiServer(app, draining) { Port = new Uri(address).Port };
    }

    /// <summary>From now on each answer closes its connection, watches end, and readiness fails; then running requests finish and the port closes.</summary>
    public async Task DrainAsync(TimeSpan notice)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await Task.Delay(notice).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(DrainLimit);
        await _app.StopAsync(limit.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_draining.IsCancellationRequested)
            await _draining.CancelAsync().ConfigureAwait(false);
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(now.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _draining.Dispose();
    }

    private static X509Certificate2 ServerCertificate(string cluster, NodeMaterial material) =>
        material.Authorities[NodeMaterial.KubernetesCa].Issue("kubernetes-master", null,
            [$"api.internal.{cluster}", $"api.{cluster}", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost"],
            loopback: true);
}
