using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;

namespace Rotation.Workflows.Fleet;

/// <summary>The input of each rotation of a fleet: what the fleet says, what the cluster says over it, and which cluster it is.</summary>
internal static class FleetInputs
{
    /// <summary>What the fleet itself puts in.</summary>
    public static readonly string[] Own = ["cluster", "stateStore", "window"];

    public static RotationKind KindOf(RotateFleetRequest fleet, FleetCluster cluster) => cluster.Kind ?? fleet.Kind;

    /// <summary>The input as JSON, for a workflow of the cluster's kind.</summary>
    public static JsonObject Of(RotateFleetRequest fleet, FleetCluster cluster)
    {
        JsonObject input = [];
        foreach (JsonElement? given in new[] { fleet.Request, cluster.Request })
            if (given is { ValueKind: JsonValueKind.Object } fields)
                Merge(input, JsonObject.Create(fields)!);
        input["cluster"] = cluster.Cluster;
        if (cluster.StateStore is { } store)
            input["stateStore"] = store;
        if ((cluster.Window ?? fleet.Window) is { } window)
            input["window"] = JsonSerializer.SerializeToNode(window, RotationDataConverter.Json);
        if (fleet.RequestedBy.Length > 0 && KeyOf(input, "requestedBy") is null)
            input["requestedBy"] = fleet.RequestedBy;
        return input;
    }

    /// <summary>The name under which a field stands, matched without regard to case; null when it is not there.</summary>
    public static string? KeyOf(JsonObject fields, string name) => fields.Select(f => f.Key).FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase));

    private static void Merge(JsonObject target, JsonObject over)
    {
        foreach ((string name, JsonNode? value) in over)
        {
            string key = KeyOf(target, name) ?? name;
            if (value is JsonObject inner && target[key] is JsonObject below)
                Merge(below, inner);
            else
                target[key] = value?.DeepClone();
        }
    }
}
