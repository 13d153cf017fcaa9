using System.Text;

namespace Rotation.Activities.Kops;

/// <summary>Reads a stream to its end but keeps no more than a bound of it: the beginning, because results start there, and the end, because errors stand there.</summary>
internal static class BoundedText
{
    /// <summary>Most characters kept of each half.</summary>
    public const int HalfBound = 2 * 1024 * 1024;

    /// <summary>The text until the stream ends, or what had come of it when <paramref name="enough"/> says so.</summary>
    public static async Task<string> ReadAsync(TextReader reader, CancellationToken enough, Action<string>? onLine = null)
    {
        var line = new StringBuilder();
        var head = new StringBuilder();
        var tail = new StringBuilder();
        bool dropped = false;
        char[] buffer = new char[16 * 1024];
        for (int count; (count = await NextAsync(reader, buffer, enough).ConfigureAwait(false)) > 0;)
        {
            if (onLine is not null)
                Tell(buffer.AsSpan(0, count), line, onLine);
            int toHead = Math.Min(count, HalfBound - head.Length);
            head.Append(buffer, 0, toHead);
            tail.Append(buffer, toHead, count - toHead);
            if (tail.Length > 2 * HalfBound)
            {
                tail.Remove(0, tail.Length - HalfBound);
                dropped = true;
            }
        }

        if (dropped)
            head.Append("\n… (output left out) …\n");
        return head.Append(tail).ToString();
    }

    private static async Task<int> NextAsync(TextReader reader, char[] buffer, CancellationToken enough)
    {
        try
        {
            return await reader.ReadAsync(buffer, enough).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static void Tell(ReadOnlySpan<char> text, StringBuilder line, Action<string> onLine)
    {
        foreach (char c in text)
        {
            if (c != '\n')
            {
                // A line longer than this is no progress for people.
                if (line.Length < 1000)
                    line.Append(c);
                continue;
            }

            onLine(line.ToString());
            line.Clear();
        }
    }
}
