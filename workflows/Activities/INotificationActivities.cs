using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Tells people outside of Temporal that a rotation needs them or has ended.</summary>
public interface INotificationActivities
{
    /// <summary>
    /// Sends a notification to each notifier, trying each again a few times. Sent at least once: a receiver knows a second copy by <see cref="Notification.Id"/>. A notifier that cannot be
    /// reached is in the result, not a failure, so that a broken chat never stops a rotation. Fails with <c>NotifierUnknown</c>, not retried, for a name that is not configured.
    /// </summary>
    [Activity]
    Task<NotificationResult> NotifyAsync(Notification notification);
}

/// <summary>What a notification is about.</summary>
public enum NotificationKind
{
    /// <summary>A gate waits for people.</summary>
    GateReached,

    /// <summary>A gate's time is up, or soon will be.</summary>
    GateOverdue,

    /// <summary>Something failed, and the rotation holds until a person says how to go on.</summary>
    Held,

    /// <summary>The rotation goes back.</summary>
    RollingBack,

    /// <summary>End: every step is done.</summary>
    Completed,

    /// <summary>End: back at the start.</summary>
    RolledBack,

    /// <summary>End: refused or given up.</summary>
    Failed,
}

/// <summary>One notification. Nothing secret is in it.</summary>
public sealed record Notification
{
    /// <summary>The same for every copy and attempt, another one for every notification, such as <c>rotate-1/3-promote/gateReached/1</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>What it is about.</summary>
    public NotificationKind Kind { get; init; }

    /// <summary>Cluster that is rotated.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Workflow id of the rotation.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>Step or gate, such as <c>3-promote</c>; empty outside of the steps.</summary>
    public string Step { get; init; } = "";

    /// <summary>What happened and what to do, in words.</summary>
    public string Text { get; init; } = "";

    /// <summary>JSON to send to go on, or empty.</summary>
    public string SendNext { get; init; } = "";

    /// <summary>Head of the report, so that a copy of it is kept outside of Temporal; empty when there is none.</summary>
    public string ReportHead { get; init; } = "";

    /// <summary>Names of notifiers in the worker's configuration. Empty: the worker's default notifiers, which may be none.</summary>
    public IReadOnlyList<string> Notifiers { get; init; } = [];
}

/// <summary>Who was told.</summary>
/// <param name="Sent">Notifiers that took it.</param>
/// <param name="Problems">One entry for each that did not, with the reason.</param>
public sealed record NotificationResult(IReadOnlyList<string> Sent, IReadOnlyList<string> Problems);
