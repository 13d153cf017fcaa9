using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rotation.DevServer.Transport;

/// <summary>What monitoring asks for over plain HTTP, on a port of its own because the other speaks HTTP/2 only: <c>/healthz</c> and <c>/metrics</c>.</summary>
internal static class StatusPages
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    public static void Listen(KestrelServerOptions kestrel, int port) => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);

    public static void Map(IEndpointRouteBuilder routes, Func<string> metrics)
    {
        routes.MapGet("/healthz", (RequestDelegate)(context => context.Response.WriteAsync("ok\n", context.RequestAborted)));
        routes.MapGet("/metrics", (RequestDelegate)(context =>
        {
            context.Response.ContentType = PrometheusText;
            return context.Response.WriteAsync(metrics(), context.RequestAborted);
        }));
    }
}
