using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Fleet;

/// <summary>What is a valid request of <c>RotateFleet</c>, the inputs of its rotations included.</summary>
public static class FleetRules
{
    private const int MostClusters = 1000;
    private const int MostAtOnce = 200;
    private const int MostShown = 20;
    private static readonly TimeSpan ShortestHold = TimeSpan.FromMinutes(1);

    /// <summary>Everything that is wrong; of very many problems the first.</summary>
    public static IReadOnlyList<string> ProblemsOf(RotateFleetRequest fleet) => [.. All(fleet).Distinct().Take(MostShown)];

    private static IEnumerable<string> All(RotateFleetRequest fleet) =>
    [
        .. fleet.Problems,
        .. When(fleet.Clusters.Count == 0, "clusters: is required, such as [{\"cluster\": \"a.example.com\"}, {\"cluster\": \"b.example.com\"}]"),
        .. When(fleet.Clusters.Count > MostClusters, $"clusters: {fleet.Clusters.Count} are more than {MostClusters}; split the fleet"),
        .. Twice(fleet),
        .. Number("canary", fleet.Canary, 0, MostClusters),
        .. Number("waveSize", fleet.WaveSize, 0, MostClusters),
        .. Number("atOnce", fleet.AtOnce, 1, MostAtOnce),
        .. Number("continueAfter", fleet.ContinueAfter, 200, 20000),
        .. When(fleet.HoldLimit.Value < ShortestHold, $"holdLimit: {fleet.HoldLimit} is too short; at least 1m"),
        .. RequestRules.Approvals(fleet.Approvals),
        .. fleet.Window is { } window ? WindowRules.ProblemsOf(window).Select(p => $"window.{p}") : [],
        .. Fields("request", fleet.Request),
        .. fleet.Clusters.SelectMany((c, i) => ProblemsOf(fleet, c, $"clusters[{i}]")),
    ];

    private static IEnumerable<string> ProblemsOf(RotateFleetRequest fleet, FleetCluster cluster, string path)
    {
        string[] form = [.. Fields($"{path}.request", cluster.Request), .. cluster.Window is { } window ? WindowRules.ProblemsOf(window).Select(p => $"{path}.window.{p}") : []];
        if (form.Length > 0 || fleet.Request is { ValueKind: not JsonValueKind.Object })
            return form;
        FleetProcedure procedure = FleetProcedure.Of(FleetInputs.KindOf(fleet, cluster));
        return procedure.ProblemsOf(FleetInputs.Of(fleet, cluster)).Select(p => Placed(fleet, cluster, path, p));
    }

    // A field that only the fleet's request has is wrong there, and so for every cluster.
    private static string Placed(RotateFleetRequest fleet, FleetCluster cluster, string path, string problem)
    {
        string field = problem[..problem.IndexOfAny([':', '.', '['])];
        if (FleetInputs.Own.Contains(field))
            return $"{path}.{problem}";
        return Has(cluster.Request, field) || !Has(fleet.Request, field) ? $"{path}.request.{problem}" : $"request.{problem}";
    }

    private static bool Has(JsonElement? fields, string name) => fields is { ValueKind: JsonValueKind.Object } given && FleetInputs.KeyOf(JsonObject.Create(given)!, name) is not null;

    private static IEnumerable<string> Fields(string path, JsonElement? given)
    {
        if (given is not { } fields)
            yield break;
        if (fields.ValueKind != JsonValueKind.Object)
            yield return $"{path}: must be one JSON object";
        else
            foreach (string own in FleetInputs.Own.Where(o => Has(fields, o)))
                yield return $"{path}.{own}: is written beside request, not in it";
    }

    private static IEnumerable<string> Twice(RotateFleetRequest fleet) => fleet.Clusters
        .GroupBy(c => (c.Cluster, c.StateStore))
        .Where(g => g.Count() > 1 && g.Key.Cluster.Length > 0)
        .Select(g => $"clusters: {g.Key.Cluster} is given twice");

    private static IEnumerable<string> Number(string field, int value, int least, int most) => When(value < least || value > most, $"{field}: {value} is not between {least} and {most}");

    private static IEnumerable<string> When(bool wrong, string problem) => wrong ? [problem] : [];
}
