using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>Search attribute payloads: JSON with the type in the metadata, as the SDKs write and tools read them.</summary>
internal static class AttributeValue
{
    private static readonly ByteString Json = ByteString.CopyFromUtf8("json/plain");

    /// <summary>A payload of a value the server itself sets or counts by.</summary>
    public static Payload ToPayload(IndexedValueType type, JsonNode value) => new()
    {
        Metadata = { ["encoding"] = Json, ["type"] = ByteString.CopyFromUtf8(type.ToString()) },
        Data = ByteString.CopyFromUtf8(value.ToJsonString()),
    };

    /// <summary>
    /// The value a query compares with: instants as ticks, the rest as in JSON. Null when the payload unsets the attribute.
    /// Throws INVALID_ARGUMENT when it is not of <paramref name="type"/>.
    /// </summary>
    public static JsonNode? Decode(string name, IndexedValueType type, Payload payload)
    {
        if (payload.Metadata.GetValueOrDefault("encoding")?.ToStringUtf8() == "binary/null" || payload.Data.IsEmpty)
            return null;
        try
        {
            var node = JsonNode.Parse(payload.Data.Span);
            if (node is null or JsonArray { Count: 0 })
                return null;
            // A single value in a list is what older SDKs write for a plain attribute.
            if (type != IndexedValueType.KeywordList && node is JsonArray { Count: 1 } single)
                node = single[0]!;
            return Convert(type, node);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Invalid(name, type, payload);
        }
    }

    public static RpcFailure Invalid(string name, IndexedValueType type, Payload payload) =>
        Failures.InvalidArgument($"invalid value for search attribute {name} of type {type}: {payload.Data.ToStringUtf8().Trim('"')}");

    private static JsonNode Convert(IndexedValueType type, JsonNode node) => type switch
    {
        IndexedValueType.Text or IndexedValueType.Keyword => node.GetValue<string>(),
        IndexedValueType.Int => node.GetValue<long>(),
        IndexedValueType.Double => node.GetValue<double>(),
        IndexedValueType.Bool => node.GetValue<bool>(),
        IndexedValueType.Datetime => Ticks.Of(ParseInstant(node.GetValue<string>())),
        IndexedValueType.KeywordList when node is JsonArray list => new JsonArray([.. list.Select(item => (JsonNode)item!.GetValue<string>())]),
        IndexedValueType.KeywordList => new JsonArray(node.GetValue<string>()),
        _ => throw new FormatException($"unknown type {type}"),
    };

    /// <summary>An RFC 3339 instant. Throws <see cref="FormatException"/>.</summary>
    public static DateTime ParseInstant(string text) => DateTimeOffset.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;
}
