using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Rotation.DevServer.Transport;
using Temporalio.Api.Workflow.V1;

namespace Rotation.DevServer.Visibility;

/// <summary>Runs of one page, and where the next begins (empty = there is none).</summary>
internal sealed record VisibilityPage(IReadOnlyList<WorkflowExecutionInfo> Executions, ByteString NextPageToken);

/// <summary>The last row of a page. Pages go by position in the order and not by count, so that rows that come or go meanwhile move nothing.</summary>
internal sealed record PagePosition(long CloseOrder, long StartTime, string RunId)
{
    private const int FixedBytes = 2 * sizeof(long);

    public ByteString ToToken()
    {
        var bytes = new byte[FixedBytes + Encoding.UTF8.GetByteCount(RunId)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, CloseOrder);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long)), StartTime);
        Encoding.UTF8.GetBytes(RunId, bytes.AsSpan(FixedBytes));
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>Null for an empty token. Throws INVALID_ARGUMENT for bytes this server did not make.</summary>
    public static PagePosition? FromToken(ByteString token)
    {
        if (token.IsEmpty)
            return null;
        if (token.Length <= FixedBytes)
            throw Failures.InvalidArgument("Invalid NextPageToken.");
        return new PagePosition(
            BinaryPrimitives.ReadInt64BigEndian(token.Span),
            BinaryPrimitives.ReadInt64BigEndian(token.Span[sizeof(long)..]),
            Encoding.UTF8.GetString(token.Span[FixedBytes..]));
    }
}
