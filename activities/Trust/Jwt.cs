using System.Buffers.Text;
using System.Text.Json;

namespace Rotation.Activities.Trust;

/// <summary>Reads who signed a token. Nothing of the token is verified or kept.</summary>
internal static class Jwt
{
    /// <summary>Key id in the token's header; null when it is no token or has none.</summary>
    public static string? KeyIdOf(string token)
    {
        string header = token.Split('.')[0];
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("kid", out JsonElement kid) && kid.ValueKind == JsonValueKind.String ? kid.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
