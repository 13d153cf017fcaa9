using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rotation.Worker.Observability;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Worker.Hosting;

/// <summary>
/// What an orchestrator and a monitoring system ask a worker: <c>/live</c> (the process answers), <c>/ready</c> (Temporal answers too; 503 when it does not) and <c>/metrics</c>. It
/// tells names and figures only, so it wants no authentication; it does nothing.
/// </summary>
internal sealed class OperationsEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly WebApplication _app;

    private OperationsEndpoint(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port it really has.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Starts it.</summary>
    /// <param name="listen">Where.</param>
    /// <param name="client">Whose server is asked for <c>/ready</c>.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="logging">How to log.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<OperationsEndpoint> StartAsync(string listen, ITemporalClient client, PrometheusText metrics, Action<ILoggingBuilder> logging, CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        WebApplication app = builder.Build();
        app.Urls.Add(listen);
        app.Run(context => AnswerAsync(context, client, metrics));
        await app.StartAsync(ct).ConfigureAwait(false);
        return new OperationsEndpoint(app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, ITemporalClient client, PrometheusText metrics)
    {
        (int status, string type, string text) = (context.Request.Method, context.Request.Path.Value) switch
        {
            (not ("GET" or "HEAD"), _) => (405, "text/plain", "GET only\n"),
            (_, "/live") => (200, "text/plain", "live\n"),
            (_, "/ready") => await IsReadyAsync(client, context.RequestAborted).ConfigureAwait(false) ? (200, "text/plain", "ready\n") : (503, "text/plain", "Temporal does not answer\n"),
            (_, "/metrics") => (200, PrometheusText.ContentType, metrics.Collect()),
            _ => (404, "text/plain", "/live, /ready or /metrics\n"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<bool> IsReadyAsync(ITemporalClient client, CancellationToken cancel)
    {
        try
        {
            return await client.Connection.CheckHealthAsync(options: new RpcOptions { Timeout = Limit, CancellationToken = cancel, Retry = false }).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
