namespace Rotation.Lab.Kops.Output;

/// <summary>A table as kops prints it: cells padded with tabs to multiples of eight columns, rows sorted by their text.</summary>
internal static class GoTable
{
    private const int Tab = 8;

    public static void Write(TextWriter output, string[] header, IEnumerable<string[]> rows)
    {
        List<string[]> all = [header, .. rows.OrderBy(r => string.Join('\t', r), StringComparer.Ordinal)];
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(c => (all.Max(r => r[c].Length) + Tab) / Tab * Tab)];
        foreach (string[] row in all)
        {
            for (var c = 0; c < row.Length - 1; c++)
                output.Write(row[c] + new string('\t', (widths[c] - row[c].Length + Tab - 1) / Tab));
            output.Write(row[^1] + "\n");
        }
    }
}
