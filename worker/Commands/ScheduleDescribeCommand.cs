using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Workflows.Contracts;
using Spectre.Console;
using Temporalio.Client.Schedules;
using Temporalio.Converters;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation schedule describe</c>: the policy, when it looks next, and what its last turns did.</summary>
internal static class ScheduleDescribeCommand
{
    private const int TurnsShown = 5;

    public static Command Create() => new Verb(
        "describe",
        "Show a schedule: its policy, its next turns and its last ones.",
        ["schedule describe prod", "schedule describe prod --json"],
        async call =>
        {
            await ShowAsync(call, (await ScheduleArgument.FindAsync(call).ConfigureAwait(false)).Description).ConfigureAwait(false);
            return ExitCode.Done;
        },
        [ScheduleArgument.Name, .. ConnectionOptions.All]);

    /// <summary>Writes it, for people or as JSON.</summary>
    public static async Task ShowAsync(Invocation call, ScheduleDescription found)
    {
        ScheduleDocument document = await DocumentOfAsync(found).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(document);
        else
            Show(call, document);
    }

    private static async Task<ScheduleDocument> DocumentOfAsync(ScheduleDescription found)
    {
        var action = (ScheduleActionStartWorkflow)found.Schedule.Action;
        RotationPolicyRequest? policy = action.Args.FirstOrDefault() is IEncodedRawValue raw ? await raw.ToValueAsync<RotationPolicyRequest>().ConfigureAwait(false) : null;
        return new(
            found.Id,
            await ScheduleWhen.OfAsync(found.Memo).ConfigureAwait(false),
            found.Schedule.State.Paused,
            found.Schedule.State.Note ?? "",
            new KopsDuration(found.Schedule.Spec.Jitter ?? TimeSpan.Zero),
            new KopsDuration(found.Schedule.Policy.CatchupWindow ?? TimeSpan.Zero),
            found.Schedule.Policy.PauseOnFailure,
            [.. found.Info.NextActionTimes.Take(TurnsShown).Select(t => (DateTimeOffset)t)],
            [.. found.Info.RecentActions.Select(a => new ScheduleTurn(a.ScheduledAt, a.StartedAt, IdOf(a.Action)))],
            [.. found.Info.RunningActions.Select(IdOf)],
            found.Info.NumActionsSkippedOverlap,
            found.Info.NumActionsMissedCatchupWindow,
            policy);
    }

    private static string IdOf(ScheduleActionExecution execution) => execution is ScheduleActionExecutionStartWorkflow started ? started.WorkflowId : "";

    private static void Show(Invocation call, ScheduleDocument schedule)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string text) => grid.AddRow(new Text(name), new Text(text));
        Row("schedule", schedule.Name);
        Row("state", schedule.Paused ? $"paused{(schedule.Note.Length > 0 ? $": {schedule.Note}" : "")}" : "on");
        Row("when", $"{schedule.When}, up to {schedule.Jitter} later by chance, missed starts up to {schedule.CatchUp} late");
        Row("on failure", schedule.PauseOnFailure ? "pauses itself" : "goes on");
        Row("clusters", string.Join(", ", schedule.Policy?.Fleet.Clusters.Select(c => c.Cluster) ?? []));
        Row("next (UTC)", string.Join(", ", schedule.Next.Select(t => $"{t:yyyy-MM-dd HH:mm}")));
        Row("running", string.Join(", ", schedule.Running));
        Row("last", string.Join(", ", schedule.Recent.TakeLast(TurnsShown).Select(t => $"{t.WorkflowId} at {t.StartedAt:yyyy-MM-dd HH:mm}Z")));
        Row("skipped", $"{schedule.SkippedWhileRunning} while its rotations ran, {schedule.Missed} too late");
        call.Terminal.People.Write(grid);
    }

    private sealed record ScheduleTurn(DateTimeOffset ScheduledAt, DateTimeOffset StartedAt, string WorkflowId);

    private sealed record ScheduleDocument(
        string Name,
        string When,
        bool Paused,
        string Note,
        KopsDuration Jitter,
        KopsDuration CatchUp,
        bool PauseOnFailure,
        IReadOnlyList<DateTimeOffset> Next,
        IReadOnlyList<ScheduleTurn> Recent,
        IReadOnlyList<string> Running,
        long SkippedWhileRunning,
        long Missed,
        RotationPolicyRequest? Policy);
}
