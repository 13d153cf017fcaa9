using System.Net;
using Grpc.AspNetCore.Server.Model;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotation.DevServer.Transport;

/// <summary>
/// The open port: gRPC over plaintext HTTP/2 on loopback. Exists only while it listens; start it after recovery, because a
/// client that meets an empty server gives up.
/// </summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;

    private TransportHost(WebApplication app, CancellationTokenSource stopping)
    {
        _app = app;
        _stopping = stopping;
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(url => new Uri(url).Authority).ToList();
        Address = urls[0];
        StatusAddress = urls.Skip(1).FirstOrDefault();
    }

    /// <summary>Host and port as Temporal clients take it, for example <c>127.0.0.1:7233</c>.</summary>
    public string Address { get; }

    /// <summary>Host and port of the status pages; null when there are none.</summary>
    public string? StatusAddress { get; }

    /// <summary>Opens the port. Throws <see cref="IOException"/> when a fixed port is taken.</summary>
    public static async Task<TransportHost> StartAsync(
        ServiceTable table, Func<string, bool> isNamespace, Func<IEnumerable<(string Name, string Help, double Value)>> gauges, TransportOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var stopping = new CancellationTokenSource();
        var counters = new CallCounters();
        var gate = new CallGate(isNamespace, counters, loggers.CreateLogger<CallGate>(), stopping.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxRequestBytes;
            grpc.MaxSendMessageSize = null;
        });
        builder.Services.AddSingleton<IServiceMethodProvider<RpcEndpoint>>(new RpcEndpointMethods(table, gate));
        builder.Services.AddSingleton(_ => new ReflectionServiceImpl(ServiceTable.Descriptors));
        var app = builder.Build();
        app.MapGrpcService<RpcEndpoint>();
        app.MapGrpcService<ReflectionServiceImpl>();
        if (options.StatusPort is not null)
            StatusPages.Map(app, () => counters.Text(gauges()));
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
            return new TransportHost(app, stopping);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            stopping.Dispose();
            throw;
        }
    }

    /// <summary>Ends the long polls, lets the other calls finish, closes the port. Calling it twice is harmless.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
            await _stopping.CancelAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static void Listen(KestrelServerOptions kestrel, TransportOptions options)
    {
        kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http2);
        if (options.StatusPort is { } statusPort)
            StatusPages.Listen(kestrel, statusPort);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
        http2.InitialStreamWindowSize = 2 * 1024 * 1024;
        http2.KeepAlivePingDelay = options.PingAfterSilence;
        http2.KeepAlivePingTimeout = options.PingTimeout;
    }
}
