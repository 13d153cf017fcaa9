using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>One plain HTTP port: the AWS query protocol at <c>/</c>, the lab's own JSON under <c>/lab/</c>.</summary>
internal sealed class LabEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LabEndpoint(WebApplication app) => _app = app;

    public required Uri Address { get; init; }

    public static async Task<LabEndpoint> StartAsync(LabWorld world, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var aws = new AwsHandler(world);
        app.Run(context => context.Request.Path.StartsWithSegments("/lab", out var rest) ? ControlAsync(world, context, rest) : aws.HandleAsync(context));
        await app.StartAsync(cancel).ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new LabEndpoint(app) { Address = new Uri(address + "/") };
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(now.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task ControlAsync(LabWorld world, HttpContext context, PathString path)
    {
        try
        {
            var (code, answer) = await ControlAsync(world, context.Request, path.Value!.Trim('/').Split('/')).ConfigureAwait(false);
            context.Response.StatusCode = code;
            await context.Response.WriteAsJsonAsync(answer, LabJson.Options, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or FormatException)
        {
            context.Response.StatusCode = 400;
            var error = e is JsonException ? $"{e.Message} A fault has a kind, one of {string.Join(", ", Enum.GetNames<LabFaultKind>())}, and may have a target and a value." : e.Message;
            await context.Response.WriteAsJsonAsync(new { error }, LabJson.Options, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task<(int Code, object? Answer)> ControlAsync(LabWorld world, HttpRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["status"]) => (200, StatusReader.Read(world)),
        ("GET", ["events"]) => (200, world.Log.Since(long.TryParse(request.Query["after"], out var after) ? after : 0)),
        ("GET", ["faults"]) => (200, world.Faults.Active),
        ("POST", ["faults"]) => (201, FaultActions.Set(world, await request.ReadFromJsonAsync<LabFault>(LabJson.Options).ConfigureAwait(false) ?? throw new ArgumentException("A fault is missing."))),
        ("DELETE", ["faults", var id]) => world.Faults.Clear(id) ? (200, new { cleared = id }) : (404, new { error = $"There is no fault '{id}'." }),
        _ => (404, new { error = $"The lab has no {request.Method} {string.Join('/', path)}." }),
    };
}
