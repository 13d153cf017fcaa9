using System.Diagnostics;
using System.Globalization;

namespace Rotation.Lab.Kops;

/// <summary>
/// Failures that a test or an operator has ordered, from the file that <c>KOPS_LAB_FAULTS</c> names. A line is <c>WHEN TIMES WORDS… [| MESSAGE]</c>: when is
/// <c>before</c> (no effect), <c>after</c> (whole effect), <c>between</c> (half of an effect on several files) or <c>slow</c>. The words are those that the command line
/// begins with; <c>+TEXT</c> asks for an argument that begins so, <c>!TEXT</c> for none. A fault that has been used up is taken out.
/// </summary>
internal sealed class KopsFaults
{
    private const string DefaultMessage = "injected by the lab";
    private static readonly TimeSpan SlowBy = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly string? _when;
    private readonly string _message;
    private int _parts;

    private KopsFaults(string? when, string message) => (_when, _message) = (when, message);

    /// <summary>Takes the first fault that fits the command line, if any.</summary>
    public static KopsFaults Take(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment)
    {
        string? file = environment.GetValueOrDefault("KOPS_LAB_FAULTS");
        if (string.IsNullOrEmpty(file) || !File.Exists(file))
            return new KopsFaults(null, "");
        using FileStream? held = Hold(file);
        if (held is null)
            return new KopsFaults(null, "");
        using var reader = new StreamReader(held);
        List<string> lines = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        int at = lines.FindIndex(l => Fits(l, args));
        if (at < 0)
            return new KopsFaults(null, "");
        string[] sides = lines[at].Split('|', 2, StringSplitOptions.TrimEntries);
        string[] parts = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int left = int.Parse(parts[1], CultureInfo.InvariantCulture) - 1;
        if (left > 0)
            lines[at] = $"{parts[0]} {left} {string.Join(' ', parts[2..])} | {sides.ElementAtOrDefault(1) ?? DefaultMessage}";
        else
            lines.RemoveAt(at);
        held.SetLength(0);
        using var writer = new StreamWriter(held);
        writer.Write(string.Concat(lines.Select(l => l + "\n")));
        return new KopsFaults(parts[0], sides.ElementAtOrDefault(1) ?? DefaultMessage);
    }

    /// <summary>Called before the command does anything.</summary>
    public async Task BeforeAsync(CancellationToken cancel)
    {
        if (_when == "slow")
            await Task.Delay(SlowBy, cancel).ConfigureAwait(false);
        Fail("before");
    }

    /// <summary>Called before each part of an effect on several files.</summary>
    public void BeforeNext()
    {
        if (_parts++ == 1)
            Fail("between");
    }

    /// <summary>Called when the whole effect is there.</summary>
    public void After() => Fail("after");

    // One process at a time. Null: the file is there no more.
    private static FileStream? Hold(string file)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (IOException) when (watch.Elapsed < LongestHold)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static bool Fits(string line, IReadOnlyList<string> args)
    {
        string[] asked = [.. line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2)];
        string[] words = [.. asked.Where(w => w[0] is not ('+' or '!'))];
        return words.Length > 0
            && args.Where(a => !a.StartsWith('-')).Take(words.Length).SequenceEqual(words)
            && asked.Except(words).All(w => args.Any(a => a.StartsWith(w[1..], StringComparison.Ordinal)) == (w[0] == '+'));
    }

    private void Fail(string when)
    {
        if (_when == when)
            throw new KopsError(_message);
    }
}
