using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>What is looked at before a step, and who is told: as a test sets it.</summary>
internal sealed class FakeFactActivities(FakeFaults faults) : IPreflightActivities, IUsageActivities, INotificationActivities
{
    public List<Finding> Findings { get; } = [];

    public TokenUsage Tokens { get; set; } = new();

    /// <summary>What was sent, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<Notification> Sent { get; } = new();

    /// <summary>What the last pre-flight was asked.</summary>
    public PreflightInput? Asked { get; private set; }

    [Activity]
    public async Task<PreflightResult> RunPreflightAsync(PreflightInput input)
    {
        await faults.EnterAsync(nameof(RunPreflightAsync));
        Asked = input;
        return new([.. Findings], ["fake"]);
    }

    [Activity]
    public async Task<TokenUsage> ReadTokenUsageAsync(ClusterRef cluster)
    {
        await faults.EnterAsync(nameof(ReadTokenUsageAsync));
        return Tokens;
    }

    [Activity]
    public async Task<NotificationResult> NotifyAsync(Notification notification)
    {
        await faults.EnterAsync(nameof(NotifyAsync));
        Sent.Enqueue(notification);
        return new(notification.Notifiers, []);
    }
}
