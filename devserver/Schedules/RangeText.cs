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

    /// <summary>The largest value a text may name: Sunday is 7 too.</summary>
    private int Largest => this == DayOfWeek ? 7 : Max;

    /// <summary>Throws <see cref="FormatException"/> with the field's name. Every year is no range at all.</summary>
    public IEnumerable<Range> Parse(string text)
    {
        var given = text.Trim() is { Length: > 0 } trimmed ? trimmed : Default;
        return this == Year && given == "*" ? [] : given.Split(',').SelectMany(Part).ToList();
    }

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
            throw new FormatException($"{Name} has too many slashes");
        var step = 1;
        if (steps.Length == 2 && (!int.TryParse(steps[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out step) || step < 1))
            throw new FormatException(steps[1].Length == 0 ? $"{Name} missing step value" : $"{Name} has invalid Step");
        var ends = steps[0].Split('-');
        if (ends.Length > 2)
            throw new FormatException($"{Name} has too many dashes");
        if (steps[0] == "*")
            return Ranges(Min, Largest, step);
        if (ends.Length == 2)
        {
            var from = Value(ends[0], Min, " Start is");
            return Ranges(from, Value(ends[1], from, " End is before Start or"), step);
        }

        var start = Value(ends[0], Min, " is");
        return Ranges(start, steps.Length == 2 ? Largest : start, step);
    }

    /// <summary>Sunday may be meant by 7, at the end of a week that began before.</summary>
    private IEnumerable<Range> Ranges(int start, int end, int step)
    {
        if (end > Max)
        {
            if ((end - start) % step == 0 && (step > 1 || start > 1))
                yield return New(0, 0, 1);
            end = Max;
        }

        if (start <= end)
            yield return New(start, end, step);
    }

    private int Value(string text, int from, string what)
    {
        var word = text.Length >= ShortestWord ? Words.ToList().FindIndex(w => w.StartsWith(text, StringComparison.OrdinalIgnoreCase)) : -1;
        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        var value = word >= 0 ? word + WordsFrom : number;
        return (word >= 0 || isNumber) && value >= from && value <= Largest ? value : throw new FormatException($"{Name}{what} not in range [{Min}-{Largest}]");
    }

    private static Range New(int start, int end, int step) => new() { Start = start, End = end, Step = step };
}
