using Microsoft.Extensions.Logging;

namespace Rotation.Workflows.Rolls;

/// <summary>Log messages of rolls.</summary>
internal static class RollLog
{
    private static readonly Action<ILogger, string, string, string, Exception?> SignalLostMessage =
        LoggerMessage.Define<string, string, string>(LogLevel.Information, new EventId(1001, nameof(SignalLost)), "Signal {Signal} did not reach the roll of {InstanceGroup}, which has ended: {Reason}");

    public static void SignalLost(ILogger logger, string signal, string instanceGroup, string reason) => SignalLostMessage(logger, signal, instanceGroup, reason, null);
}
