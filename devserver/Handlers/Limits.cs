using Google.Protobuf;
using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Handlers;

/// <summary>Sizes the real server refuses, refused here too, so that what works here works there.</summary>
internal static class Limits
{
    /// <summary>Bytes of one payload group, and characters of an id.</summary>
    public const int BlobBytes = 2 * 1024 * 1024, IdLength = 1000;

    public static void Blob(IMessage? content, string what)
    {
        if (content is not null && content.CalculateSize() > BlobBytes)
            throw Failures.InvalidArgument($"{what} exceeds size limit.");
    }

    public static void Id(string id, string what)
    {
        if (id.Length == 0)
            throw Failures.InvalidArgument($"{what} is not set on request.");
        if (id.Length > IdLength)
            throw Failures.InvalidArgument($"{what} length exceeds limit.");
    }
}
