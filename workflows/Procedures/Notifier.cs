using Rotation.Workflows.Activities;
using Rotation.Workflows.Reports;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Tells people outside of Temporal, beside everything else: a chat that cannot be reached never stops a rotation, and is in its report.</summary>
internal sealed class Notifier(ProcedureRun run)
{
    private readonly List<Task> _pending = [];
    private int _number;
    private bool _nobody;

    /// <summary>Sends without waiting.</summary>
    public void Tell(NotificationKind kind, string step, string text, string sendNext = "")
    {
        if (_nobody)
            return;
        _pending.Add(SendAsync(new()
        {
            Id = $"{Workflow.Info.WorkflowId}/{step}/{kind}/{++_number}",
            Kind = kind,
            Cluster = run.Cluster.Name,
            WorkflowId = Workflow.Info.WorkflowId,
            Step = step,
            Text = text,
            SendNext = sendNext,
            ReportHead = run.Board.Report.Head,
            Notifiers = run.Request.Notify,
        }));
    }

    /// <summary>Waits until everything is sent or given up.</summary>
    public Task AllToldAsync() => Workflow.WhenAllAsync(_pending);

    private async Task SendAsync(Notification notification)
    {
        try
        {
            NotificationResult result = await Workflow.ExecuteActivityAsync((INotificationActivities a) => a.NotifyAsync(notification), ActivityProfiles.Deliver($"tells people: {notification.Kind} {notification.Step}"));
            // The worker has no default notifiers: to ask it again would only lengthen the history.
            _nobody = notification.Notifiers.Count == 0 && result.Sent.Count == 0 && result.Problems.Count == 0;
            foreach (string problem in result.Problems)
                NotTold(notification, problem);
        }
        catch (FailureException e)
        {
            NotTold(notification, Failures.Describe(e));
        }
    }

    private void NotTold(Notification notification, string why) => run.Board.Record(ReportKind.Failed, $"Nobody was told of {notification.Kind}: {why}", step: notification.Step);
}
