using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation schedule</c>: policies that Temporal starts again and again.</summary>
internal static class ScheduleCommand
{
    public static Command Create() => new Verb(
        "schedule",
        "Rotate clusters when they are due, by Temporal's schedules.",
        ["schedule create prod --input @policy.json --cron '30 2 * * *' --time-zone Europe/Berlin", "schedule list"],
        ScheduleCreateCommand.Create(),
        ScheduleListCommand.Create(),
        ScheduleDescribeCommand.Create(),
        ScheduleCalls.Pause(),
        ScheduleCalls.Resume(),
        ScheduleCalls.Trigger(),
        ScheduleCalls.Delete());
}
