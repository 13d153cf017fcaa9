using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>Answers the requests of one API server: authentication, health, discovery, objects.</summary>
internal sealed class ApiHandler(LabWorld world, Instance instance, NodeMaterial material, CancellationToken draining)
{
    private readonly Authenticator _authenticator = new(material);
    private readonly ResourceHandler _resources = new(world, new SecretsAtRest(world.Store, material.EncryptionKeys), draining);
    private readonly TokenRequests _tokens = new(world, material);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (draining.IsCancellationRequested)
                context.Connection.RequestClose();
            context.Response.Headers["X-Lab-Server"] = instance.Id;
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (ApiStatusException e)
        {
            if (e.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString();
            if (e.Code >= 500)
                context.Response.Headers[Authenticator.ReasonHeader] = e.Message;
            await WriteAsync(context, e.Code, e.ToJson()).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client went away; there is nobody to answer.
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            await WriteAsync(context, 400, new ApiStatusException(400, "BadRequest", e.Message).ToJson()).ConfigureAwait(false);
        }
    }

    public static async Task WriteAsync(HttpContext context, int code, JsonNode body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _authenticator.Authenticate(context);
        var path = context.Request.Path.Value ?? "/";
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            await HealthAsync(context, path).ConfigureAwait(false);
            return;
        }

        if (world.Faults.Strikes(LabFaultKind.ApiErrorRate, instance.Id, instance.Group.Name))
            throw new ApiStatusException(500, "InternalError", "Internal error occurred: injected by the lab");
        if ((Discovery.Answer(path, world.KubernetesVersion) ?? TokenIssuer.Answer(path, world.Options.ClusterName, material.TokenKeys!)) is { } discovery)
        {
            await WriteAsync(context, 200, discovery).ConfigureAwait(false);
            return;
        }

        if (!world.Etcd.Serves(instance))
            throw new ApiStatusException(500, "InternalError", "etcdserver: no leader");
        var request = ApiRequest.Parse(context.Request.Path) ?? throw new ApiStatusException(404, "NotFound", "the server could not find the requested resource");
        if (request is { Resource.Plural: "serviceaccounts", Subresource: "token" })
            await _tokens.HandleAsync(context, request).ConfigureAwait(false);
        else
            await _resources.HandleAsync(context, request).ConfigureAwait(false);
    }

    private async Task HealthAsync(HttpContext context, string path)
    {
        var healthy = path == "/livez" || (world.Etcd.Serves(instance) && !draining.IsCancellationRequested);
        context.Response.StatusCode = healthy ? 200 : 500;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(healthy ? "ok" : $"[-]{(draining.IsCancellationRequested ? "shutdown" : "etcd")} failed: reason withheld\n{path[1..]} check failed\n",
            context.RequestAborted).ConfigureAwait(false);
    }
}
