using Microsoft.Extensions.Logging;

namespace Rotation.Workflows.Rolls;

/// <summary>Log messages of rolls.</summary>
internal static class RollLog
{
    private static readonly Action<ILogger, string, string, string, Exception?> SignalLostMessage =
        LoggerMessage.Define<string, string, string>(LogLevel.Information, new EventId(1001, nameof(SignalLost)), "Signal {Signal} did not reach {Receiver}, which has ended: {Reason}");

    private static readonly Action<ILogger, string, string, Exception?> TaintsLeftMessage =
        LoggerMessage.Define<string, string>(LogLevel.Warning, new EventId(1002, nameof(TaintsLeft)), "Nodes of {InstanceGroup} that were not replaced keep the taint kops.k8s.io/scheduled-for-update: {Reason}");

    private static readonly Action<ILogger, string, string, Exception?> ScaleDownHeldMessage =
        LoggerMessage.Define<string, string>(LogLevel.Error, new EventId(1003, nameof(ScaleDownHeld)), "cluster-autoscaler is still kept from scaling {Cluster} down; take the annotations back as docs/rolling-update.md says: {Reason}");

    public static void SignalLost(ILogger logger, string signal, string receiver, string reason) => SignalLostMessage(logger, signal, receiver, reason, null);

    public static void TaintsLeft(ILogger logger, string instanceGroup, string reason) => TaintsLeftMessage(logger, instanceGroup, reason, null);

    public static void ScaleDownHeld(ILogger logger, string cluster, string reason) => ScaleDownHeldMessage(logger, cluster, reason, null);
}
