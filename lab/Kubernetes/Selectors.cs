using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rotation.Lab.Kubernetes;

/// <summary>Label and field selectors of list and watch requests, and of budgets.</summary>
internal static partial class Selectors
{
    /// <summary>A filter from the two query parameters; empty ones match all.</summary>
    public static Func<KubeObject, bool> Filter(string? labels, string? fields)
    {
        var tests = Requirements(labels).Select(r => LabelTest(r.Trim()))
            .Concat((fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(FieldTest)).ToList();
        return o => tests.All(t => t(o));
    }

    /// <summary>Whether an object carries a selector's <c>matchLabels</c>; an empty selector matches all.</summary>
    public static bool MatchesLabels(JsonNode? selector, KubeObject target) =>
        selector?["matchLabels"] is not JsonObject wanted || wanted.All(l => Label(target, l.Key) == l.Value?.ToString());

    private static string? Label(KubeObject target, string key) => target.At("metadata", "labels") is JsonObject labels ? labels[key]?.ToString() : null;

    // Commas inside "in (a,b)" do not separate requirements.
    private static IEnumerable<string> Requirements(string? labels) =>
        Comma().Split(labels ?? "").Where(r => r.Length > 0);

    private static Func<KubeObject, bool> LabelTest(string requirement)
    {
        if (InSet().Match(requirement) is { Success: true } set)
        {
            var values = set.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries);
            var wanted = set.Groups[2].Value == "in";
            return o => values.Contains(Label(o, set.Groups[1].Value)) == wanted;
        }

        if (Equality().Match(requirement) is { Success: true } equal)
        {
            var wanted = equal.Groups[2].Value != "!=";
            return o => (Label(o, equal.Groups[1].Value.Trim()) == equal.Groups[3].Value.Trim()) == wanted;
        }

        return requirement.StartsWith('!') ? o => Label(o, requirement[1..]) is null : o => Label(o, requirement) is not null;
    }

    private static Func<KubeObject, bool> FieldTest(string requirement)
    {
        if (Equality().Match(requirement) is not { Success: true } match)
            throw new ApiStatusException(400, "BadRequest", $"invalid field selector: {requirement}");
        var path = match.Groups[1].Value.Split('.');
        var wanted = match.Groups[2].Value != "!=";
        return o => ((o.Text(path) ?? "") == match.Groups[3].Value) == wanted;
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^(\S+)\s+(in|notin)\s*\(([^)]*)\)$")]
    private static partial Regex InSet();

    [GeneratedRegex("^([^=!]+)(==|!=|=)(.*)$")]
    private static partial Regex Equality();
}
