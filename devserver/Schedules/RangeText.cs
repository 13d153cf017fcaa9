using System.Globalization;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Rotation.DevServer.Schedules;

/// <summary>
/// One field of a calendar as people write it: <c>*</c>, <c>5</c>, <c>1-5</c>, <c>0/15</c>, <c>mon-fri</c>, several of them with commas. A value with a step but without an
/// end goes on to the field's end. Source: Temporal's <c>CalendarSpec</c>.
/// </summary>
internal sealed record RangeText(string Name, int Min, int Max, string Default, IReadOnlyList<string> Words, int WordsFrom = 0, int ShortestWord = 3)
{
    public static readonly RangeText Second = new("Second", 0, 59, "0", []);
    public static readonly RangeText Minute = new("Minute", 0, 59, "0", []);
    public static readonly RangeText Hour = new("Hour", 0, 23, "0", []);
    public static readonly RangeText DayOfMonth = new("DayOfMonth", 1, 31, "*", []);
    public static readonly RangeText Month = new("Month", 1, 12, "*", CultureInfo.InvariantCulture.DateTimeFormat.MonthNames, 1);
    public static readonly RangeText Year = new("Year", 2000, 2100, "*", []);
    public static readonly RangeText DayOfWeek = new("DayOfWeek", 0, 6, "*", CultureInfo.InvariantCulture.DateTimeFormat.DayNames, 0, 2);

    /// <summary>Throws <see cref="FormatException"/> with the field's name.</summary>
    public IEnumerable<Range> Parse(string text) =>
        (text.Trim() is { Length: > 0 } given ? given : Default).Split(',').SelectMany(Part).ToList();

    /// <summary>What is wrong with ranges that came as numbers; empty when nothing is.</summary>
    public IEnumerable<string> Faults(IEnumerable<Range> ranges)
    {
        foreach (var range in ranges)
        {
            if (range.Start < Min || range.Start > Max)
                yield return $"{Name} Start is not in range [{Min}-{Max}]";
            if (range.End != 0 && (range.End < range.Start || range.End > Max))
                yield return $"{Name} End is before Start or not in range [{Min}-{Max}]";
            if (range.Step < 0)
                yield return $"{Name} has invalid Step";
        }
    }

    private IEnumerable<Range> Part(string part)
    {
        var steps = part.Split('/');
        if (steps.Length > 2)
            throw Malformed(part);
        var step = steps.Length == 1 ? 1 : Number(steps[1], 1, int.MaxValue);
        if (steps[0] == "*")
            return [New(Min, Max, step)];
        var ends = steps[0].Split('-');
        if (ends.Length > 2)
            throw Malformed(part);
        var start = Value(ends[0]);
        if (ends.Length == 1)
            return [New(start, steps.Length == 2 ? Max : start, step)];
        // The week's last day may be written as 7.
        if (this == DayOfWeek && ends[1] == "7")
            return [New(start, Max, step), New(0, 0, 1)];
        return [New(start, Value(ends[1], start), step)];
    }

    private int Value(string text, int? from = null)
    {
        var word = text.Length >= ShortestWord ? Words.ToList().FindIndex(w => w.StartsWith(text, StringComparison.OrdinalIgnoreCase)) : -1;
        if (word < 0)
            return this == DayOfWeek && text == "7" ? 0 : Number(text, from ?? Min, Max);
        var value = word + WordsFrom;
        return value >= (from ?? Min) ? value : throw new FormatException($"{Name}: '{text}' out of range");
    }

    private int Number(string text, int from, int to)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Malformed(text);
        return number >= from && number <= to ? number : throw new FormatException($"{Name}: '{text}' out of range");
    }

    private FormatException Malformed(string text) => new($"{Name}: malformed expression '{text}'");

    private static Range New(int start, int end, int step) => new() { Start = start, End = end, Step = step };
}
