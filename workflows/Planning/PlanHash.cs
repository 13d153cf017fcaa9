using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;

namespace Rotation.Workflows.Planning;

/// <summary>The hash that approvals are bound to: SHA-256 over the plan without its hash, as JSON with sorted names and no spaces.</summary>
public static class PlanHash
{
    /// <summary>Hash of a plan, lower-case hexadecimal. What <see cref="ProcedurePlan.PlanHash"/> holds makes no difference.</summary>
    public static string Of(ProcedurePlan plan)
    {
        var element = JsonSerializer.SerializeToElement(plan with { PlanHash = "" }, plan.GetType(), RotationDataConverter.Json);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(element, writer);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
