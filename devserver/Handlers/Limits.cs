using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Failure.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What requests may hold, see <see cref="Sizes"/>.</summary>
internal static class Limits
{
    public static void Blob(IMessage? content, string what)
    {
        if (IsTooLarge(content))
            throw Failures.InvalidArgument($"{what} exceeds size limit.");
    }

    public static bool IsTooLarge(IMessage? content) => content is not null && content.CalculateSize() > Sizes.BlobBytes;

    /// <summary>What somebody fails with who says more than may be kept.</summary>
    public static Failure TooLarge(string message) => new() { Message = message, Source = "Server", ServerFailureInfo = new() { NonRetryable = true } };

    public static void Length(Duration? given, string what)
    {
        if (Durations.IsNegative(given))
            throw Failures.InvalidArgument($"An invalid {what} is set on request. cause: negative duration");
    }

    public static void Id(string id, string what)
    {
        if (id.Length == 0)
            throw Failures.InvalidArgument($"{what} is not set on request.");
        if (id.Length > Sizes.IdLength)
            throw Failures.InvalidArgument($"{what} length exceeds limit.");
    }
}
