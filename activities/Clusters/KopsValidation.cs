using System.Text.Json;
using Rotation.Activities.Kops;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Clusters;

/// <summary>Reads what <c>kops validate cluster -o json</c> prints, with lines of words before it.</summary>
internal static class KopsValidation
{
    private const int MostFindings = 50;

    /// <summary>The failures in words, at most 50; null when the output holds no validation.</summary>
    public static ValidationResult? Parse(string output)
    {
        int start = output.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(output[start..]);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || (!root.TryGetProperty("nodes", out _) && !root.TryGetProperty("failures", out _)))
                return null;
            return new([.. KopsJson.List(root, "failures").Take(MostFindings).Select(Words)]);
        }
        catch (JsonException)
        {
            // Something else in braces: no validation.
            return null;
        }
    }

    private static string Words(JsonElement failure) =>
        Redaction.Summary($"{KopsJson.Text(failure, "type") ?? KopsJson.Text(failure, "kind")} {KopsJson.Text(failure, "name")}: {KopsJson.Text(failure, "message")}");
}
