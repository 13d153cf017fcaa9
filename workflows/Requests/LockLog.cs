using Microsoft.Extensions.Logging;

namespace Rotation.Workflows.Requests;

/// <summary>Log messages of locks.</summary>
internal static class LockLog
{
    private static readonly Action<ILogger, string, string, Exception?> NotGivenBackMessage =
        LoggerMessage.Define<string, string>(LogLevel.Information, new EventId(1002, nameof(NotGivenBack)), "The lock of {Cluster} had been ended before it was given back: {Reason}");

    public static void NotGivenBack(ILogger logger, string cluster, string reason) => NotGivenBackMessage(logger, cluster, reason, null);
}
