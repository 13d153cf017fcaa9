using Rotation.Activities.Windows;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Commands;

/// <summary>Time zones in an input that this host does not know: a worker would refuse them later.</summary>
internal static class ZoneCheck
{
    public static IEnumerable<string> ProblemsOf(RotateFleetRequest fleet) =>
    [
        .. ProblemsOf(fleet.Window, "window"),
        .. fleet.Clusters.SelectMany((c, i) => ProblemsOf(c.Window, $"clusters[{i}].window")),
    ];

    private static IEnumerable<string> ProblemsOf(MaintenanceWindow? window, string path) =>
        window is { TimeZone.Length: > 0 } && TimeZones.Find(window.TimeZone) is null ? [$"{path}.timeZone: {TimeZones.WhyUnknown(window.TimeZone)}"] : [];
}
