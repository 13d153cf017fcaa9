namespace Rotation.Worker.Views;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    /// <summary>A length of time: <c>8.4 s</c>, <c>12m 05s</c>, <c>3h 07m</c>, <c>2d 4h</c>.</summary>
    public static string Length(TimeSpan length) => length switch
    {
        { TotalMinutes: < 1 } => $"{length.TotalSeconds:0.0} s",
        { TotalHours: < 1 } => $"{length.Minutes}m {length.Seconds:00}s",
        { TotalDays: < 1 } => $"{length.Hours}h {length.Minutes:00}m",
        _ => $"{length.Days}d {length.Hours}h",
    };
}
