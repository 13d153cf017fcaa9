using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Policies;
using Temporalio.Activities;

namespace Rotation.Activities.Windows;

/// <inheritdoc cref="IWindowActivities" />
internal sealed class WindowActivities : IWindowActivities
{
    /// <inheritdoc />
    [Activity]
    public Task<OpenTimes> ReadOpenTimesAsync(OpenTimesInput input)
    {
        TimeZoneInfo zone = TimeZones.Find(input.Window.TimeZone) ?? throw RotationErrors.Permanent(RotationErrors.InvalidRequest, $"window.timeZone: {TimeZones.WhyUnknown(input.Window.TimeZone)}");
        DateTimeOffset until = input.From.AddDays(input.Days);
        return Task.FromResult(new OpenTimes { KnownUntil = until, Open = new WindowCalendar(input.Window, zone).OpenTimes(input.From, until) });
    }
}
