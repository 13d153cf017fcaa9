using Microsoft.Extensions.Logging;

namespace Rotation.Workflows.Locks;

/// <summary>Log messages of locks.</summary>
internal static class LockLog
{
    private static readonly Action<ILogger, string, string, Exception?> NotGivenBackMessage =
        LoggerMessage.Define<string, string>(LogLevel.Information, new EventId(1002, nameof(NotGivenBack)), "The lock of {Cluster} had been ended before it was given back: {Reason}");

    private static readonly Action<ILogger, string, string, Exception?> ClaimGoneMessage =
        LoggerMessage.Define<string, string>(LogLevel.Information, new EventId(1003, nameof(ClaimGone)), "The claim of {Hold} is gone: {Reason}");

    public static void NotGivenBack(ILogger logger, string cluster, string reason) => NotGivenBackMessage(logger, cluster, reason, null);

    public static void ClaimGone(ILogger logger, string hold, string reason) => ClaimGoneMessage(logger, hold, reason, null);
}
