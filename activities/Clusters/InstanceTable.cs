using System.Text;
using System.Text.Json;
using Rotation.Workflows;

namespace Rotation.Activities.Clusters;

/// <summary>What <c>kops get instances</c> printed before kops 1.22, which had no other form: columns under their names, filled up with tabs.</summary>
internal static class InstanceTable
{
    private const int Tab = 8;
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal) { ["ID"] = "id", ["NODE-NAME"] = "nodeName", ["STATUS"] = "status", ["INSTANCE-GROUP"] = "instanceGroup" };

    /// <summary>One object an instance, as the later JSON has it. Fails with <c>KopsFailed</c> when a column is missing.</summary>
    public static IReadOnlyList<JsonElement> Read(string output)
    {
        string[] lines = [.. output.Split('\n').Select(Wide).Where(l => l.Trim().Length > 0)];
        string header = lines.FirstOrDefault("");
        string[] names = header.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Columns.Keys.Except(names).FirstOrDefault() is { } missing)
            throw RotationErrors.Permanent(RotationErrors.KopsFailed, $"The table of 'kops get instances' has no column {missing}.");
        int[] starts = [.. names.Select(n => $" {header} ".IndexOf($" {n} ", StringComparison.Ordinal))];
        return [.. lines.Skip(1).Select(l => JsonSerializer.SerializeToElement(names.Select((n, at) => (Name: n, Text: Cell(l, starts[at], at + 1 < starts.Length ? starts[at + 1] : l.Length)))
            .Where(c => Columns.ContainsKey(c.Name)).ToDictionary(c => Columns[c.Name], c => c.Text)))];
    }

    private static string Cell(string line, int from, int to) => from >= line.Length ? "" : line[from..Math.Min(to, line.Length)].Trim();

    private static string Wide(string line)
    {
        var wide = new StringBuilder();
        foreach (char c in line)
            if (c == '\t')
                wide.Append(' ', Tab - (wide.Length % Tab));
            else
                wide.Append(c);
        return wide.ToString();
    }
}
