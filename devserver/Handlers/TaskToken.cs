using System.Text.Json;
using Google.Protobuf;
using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Handlers;

/// <summary>What a worker sends back with its answer. Made from durable data only, so it outlives the server. The stamp tells attempts apart.</summary>
internal sealed record TaskToken(string RunId, long ScheduledId, long Stamp, string QueryId = "")
{
    public ByteString ToBytes() => ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(this, TokenJson.Default.TaskToken));

    /// <summary>Throws INVALID_ARGUMENT for bytes that are no token.</summary>
    public static TaskToken Parse(ByteString bytes)
    {
        if (bytes.IsEmpty)
            throw Failures.InvalidArgument("Task token not set on request.");
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, TokenJson.Default.TaskToken) ?? throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    private static RpcFailure Unreadable() => Failures.InvalidArgument("Error deserializing task token.");
}
