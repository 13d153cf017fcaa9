using System.Globalization;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>How many instances of a group may be replaced at once, as kops takes it from instance group and cluster on AWS: surge 1 and nothing unavailable by default.</summary>
/// <param name="MaxSurge">Instances started ahead.</param>
/// <param name="MaxUnavailable">Instances that may be missing.</param>
/// <param name="DrainAndTerminate">False: the group is not rolled.</param>
internal sealed record RollSettings(int MaxSurge, int MaxUnavailable, bool DrainAndTerminate)
{
    /// <param name="group">The group's <c>spec.rollingUpdate</c>, or null.</param>
    /// <param name="cluster">The cluster's, or null.</param>
    /// <param name="instances">Instances of the group, for percentages.</param>
    public static RollSettings Of(JsonNode? group, JsonNode? cluster, int instances)
    {
        string? Text(string name) => (group?[name] ?? cluster?[name])?.ToString();
        int surge = Read(Text("maxSurge") ?? "1", instances, roundUp: true);
        bool percent = Text("maxUnavailable")?.EndsWith('%') == true;
        int unavailable = Read(Text("maxUnavailable") ?? (surge == 0 ? "1" : "0"), instances, roundUp: false);
        return new(surge, percent ? Math.Max(1, unavailable) : unavailable, Text("drainAndTerminate") != "false");
    }

    private static int Read(string text, int of, bool roundUp)
    {
        if (!text.EndsWith('%'))
            return int.Parse(text, CultureInfo.InvariantCulture);
        double part = int.Parse(text[..^1], CultureInfo.InvariantCulture) * of / 100.0;
        return (int)(roundUp ? Math.Ceiling(part) : Math.Floor(part));
    }
}
