namespace Rotation.Workflows.Contracts;

/// <summary>
/// When nodes of a cluster may be replaced, by the clock on its wall: open while that clock shows a time of one of <see cref="Windows"/> on a day that no blackout covers. An hour that daylight saving
/// repeats counts both times; one that it leaves out does not come.
/// </summary>
public sealed record MaintenanceWindow : PersonInput
{
    /// <summary>Time zone, an IANA name such as <c>Europe/Berlin</c>. Default: UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Times of the week. Empty: at any time.</summary>
    public IReadOnlyList<WeeklyWindow> Windows { get; init; } = [];

    /// <summary>Days without any work, however the windows lie. Default: none.</summary>
    public IReadOnlyList<BlackoutDates> Blackouts { get; init; } = [];
}

/// <summary>A time of the week that comes again every week.</summary>
public sealed record WeeklyWindow : PersonInput
{
    /// <summary>Days on which it begins, such as <c>sat</c> or <c>saturday</c>. Empty: every day.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>Time of the day at which it opens, such as <c>22:00</c>. Required.</summary>
    public string From { get; init; } = "";

    /// <summary>Time at which it closes, at most <c>24:00</c>; on the next day when it is not after <see cref="From"/>. Required.</summary>
    public string To { get; init; } = "";
}

/// <summary>Days without any work, in the cluster's time zone.</summary>
public sealed record BlackoutDates : PersonInput
{
    /// <summary>First day, such as <c>2026-12-20</c>. Required.</summary>
    public string From { get; init; } = "";

    /// <summary>Last day. Default: the first.</summary>
    public string To { get; init; } = "";

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";
}
