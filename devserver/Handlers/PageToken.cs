using System.Text.Json;
using Google.Protobuf;
using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Handlers;

/// <summary>Where a reader of a history is: the run, the next event, and the last one it may see (0: none yet).</summary>
internal sealed record PageToken(string RunId, long NextId, long LastId)
{
    public ByteString ToBytes() => ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(this, TokenJson.Default.PageToken));

    public static PageToken? Parse(ByteString bytes)
    {
        if (bytes.IsEmpty)
            return null;
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, TokenJson.Default.PageToken);
        }
        catch (JsonException)
        {
            throw Failures.InvalidArgument("Invalid NextPageToken.");
        }
    }
}
