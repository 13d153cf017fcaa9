using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Temporalio.Activities;

namespace Rotation.Activities.Notifications;

/// <summary>Tells people that a rotation needs them or has ended.</summary>
internal sealed class NotificationActivities(NotificationOptions options, WebhookSender sender, RotationOptions rotation) : INotificationActivities
{
    /// <inheritdoc/>
    [Activity]
    public async Task<NotificationResult> NotifyAsync(Notification notification)
    {
        CancellationToken ct = ActivityExecutionContext.Current.CancellationToken;
        IEnumerable<string> wanted = notification.Notifiers.Count > 0 ? notification.Notifiers : options.Default;
        string[] names = [.. wanted.Distinct(StringComparer.OrdinalIgnoreCase)];
        if (Array.Find(names, n => !options.Notifiers.ContainsKey(n)) is { } unknown)
            throw RotationErrors.Permanent(RotationErrors.NotifierUnknown, $"There is no notifier '{unknown}' among {NotificationOptions.Section}:Notifiers.");

        await using Pulse pulse = Pulse.Start($"notifies {string.Join(", ", names)}", rotation.Deadlines.Poll);
        string?[] problems = await Task.WhenAll(names.Select(n => sender.SendAsync(options.Notifiers[n], notification, ct))).ConfigureAwait(false);
        return new(
            [.. names.Where((_, i) => problems[i] is null)],
            [.. names.Zip(problems).Where(p => p.Second is not null).Select(p => $"{p.First}: {p.Second}")]);
    }
}
