namespace Rotation.Activities.Windows;

/// <summary>The time zones of this host, by their IANA names.</summary>
public static class TimeZones
{
    /// <summary>A zone, or null when this host does not know it.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;

    /// <summary>Why <see cref="Find"/> gave none, in words.</summary>
    public static string WhyUnknown(string name) => Find("Europe/Berlin") is null
        ? $"'{name}' is not known: this host has no time zone data; install the package tzdata"
        : $"'{name}' is not a time zone; write an IANA name such as \"Europe/Berlin\"";
}
