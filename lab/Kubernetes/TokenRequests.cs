using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>Issues service-account tokens, signed with the primary as of this server's boot.</summary>
internal sealed class TokenRequests(LabWorld world, NodeMaterial material)
{
    private const long DefaultLifetimeSeconds = 3600;

    public async Task HandleAsync(HttpContext context, ApiRequest request)
    {
        if (context.Request.Method != "POST")
            throw new ApiStatusException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        var account = world.Store.Get("serviceaccounts", request.Namespace ?? "", request.Name!) ?? throw ApiStatusException.NotFound(request.Resource, request.Name!);
        var asked = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        var seconds = (long?)KubeObject.Read(asked, "spec", "expirationSeconds") ?? DefaultLifetimeSeconds;
        var now = DateTimeOffset.UtcNow;
        var claims = new JsonObject
        {
            ["iss"] = TokenIssuer.Of(world.Options.ClusterName),
            ["sub"] = $"system:serviceaccount:{account.Namespace}:{account.Name}",
            ["aud"] = new JsonArray("kubernetes.svc.default"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddSeconds(seconds).ToUnixTimeSeconds(),
        };
        var answer = KubeObjects.Named("authentication.k8s.io/v1", "TokenRequest", account.Namespace, account.Name);
        answer["status"] = new JsonObject
        {
            ["token"] = material.TokenKeys!.Sign(claims),
            ["expirationTimestamp"] = KubeStore.Timestamp(now.AddSeconds(seconds)),
        };
        await ApiHandler.WriteAsync(context, 201, answer).ConfigureAwait(false);
    }
}
