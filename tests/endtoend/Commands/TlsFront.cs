using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>What stands before a Temporal service in production: TLS that wants a client certificate of one authority, or an API key. It passes on every call to a server without either.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly HttpClient _behind = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
    private readonly WebApplication _app;
    private readonly string _target;
    private readonly string? _apiKey;

    private TlsFront(string target, string? apiKey, X509Certificate2 certificate, X509Certificate2 authority)
    {
        (_target, _apiKey) = (target, apiKey);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = apiKey is null ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.ClientCertificateValidation = (client, _, _) => IsOf(client, authority);
            });
        }));
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    /// <summary><c>localhost:PORT</c>.</summary>
    public string Address => $"localhost:{new Uri(_app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}";

    /// <param name="target">Address of the server behind it.</param>
    /// <param name="pki">Its certificate and those whom it lets in.</param>
    /// <param name="apiKey">The key that it wants; null: a client certificate.</param>
    public static async Task<TlsFront> StartAsync(string target, TestPki pki, string? apiKey)
    {
        var front = new TlsFront(target, apiKey, pki.Server, pki.Authority);
        await front._app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _behind.Dispose();
    }

    private static bool IsOf(X509Certificate2 client, X509Certificate2 authority)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck } };
        return chain.Build(client);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        HttpResponse answer = context.Response;
        if (_apiKey is not null && context.Request.Headers.Authorization != $"Bearer {_apiKey}")
        {
            answer.ContentType = "application/grpc";
            answer.Headers["grpc-status"] = "16";
            answer.Headers["grpc-message"] = "Request unauthorized.";
            return;
        }

        using var call = new HttpRequestMessage(HttpMethod.Post, $"http://{_target}{context.Request.Path}") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StreamContent(context.Request.Body) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers.Where(h => h.Key[0] != ':' && h.Key != "Host"))
        {
            if (!call.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                call.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        using HttpResponseMessage got = await _behind.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        foreach ((string name, IEnumerable<string> values) in got.Headers.Concat(got.Content.Headers))
            answer.Headers[name] = values.ToArray();
        await got.Content.CopyToAsync(answer.Body, context.RequestAborted);
        foreach ((string name, IEnumerable<string> values) in got.TrailingHeaders)
            answer.AppendTrailer(name, values.ToArray());
    }
}
