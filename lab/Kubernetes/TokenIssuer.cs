using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>What a server says of its service-account tokens to those who verify them elsewhere: issuer and public keys, as of its boot.</summary>
internal static class TokenIssuer
{
    public static string Of(string cluster) => $"https://api.internal.{cluster}";

    /// <summary>The OpenID configuration or the key set; null for another path.</summary>
    public static JsonObject? Answer(string path, string cluster, TokenKeys keys) => path switch
    {
        "/.well-known/openid-configuration" => new JsonObject
        {
            ["issuer"] = Of(cluster),
            ["jwks_uri"] = Of(cluster) + "/openid/v1/jwks",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        },
        "/openid/v1/jwks" => new JsonObject { ["keys"] = new JsonArray([.. keys.PublicKeys()]) },
        _ => null,
    };
}
