using System.Text.Json.Nodes;

namespace Rotation.Lab.Kubernetes;

/// <summary>JSON patch, merge patch, and strategic merge patch for the lists that have merge keys in what the lab serves.</summary>
internal static class Patching
{
    private static readonly Dictionary<string, string> MergeKeys = new(StringComparer.Ordinal)
    {
        ["conditions"] = "type",
        ["containers"] = "name",
        ["addresses"] = "type",
        ["ownerReferences"] = "uid",
    };

    public static JsonObject Apply(JsonObject target, string contentType, JsonNode patch) => contentType switch
    {
        "application/json-patch+json" => JsonPatch(target, patch.AsArray()),
        "application/merge-patch+json" => Merge(target, patch.AsObject(), strategic: false),
        "application/strategic-merge-patch+json" => Merge(target, patch.AsObject(), strategic: true),
        _ => throw new ApiStatusException(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - {contentType}"),
    };

    private static JsonObject Merge(JsonObject target, JsonObject patch, bool strategic)
    {
        foreach (var (name, value) in patch)
        {
            if (strategic && name.StartsWith('$'))
                continue;
            target[name] = (value, target[name]) switch
            {
                (null, _) => null,
                (JsonObject change, JsonObject current) => Merge(current.DeepClone().AsObject(), change, strategic),
                (JsonObject change, _) => Merge([], change, strategic),
                (JsonArray change, JsonArray current) when strategic && MergeKeys.TryGetValue(name, out var key) => MergeList(current, change, key),
                _ => value!.DeepClone(),
            };
            if (value is null)
                target.Remove(name);
        }

        return target;
    }

    private static JsonArray MergeList(JsonArray current, JsonArray change, string key)
    {
        var merged = current.DeepClone().AsArray();
        foreach (var item in change.OfType<JsonObject>())
        {
            var found = merged.OfType<JsonObject>().FirstOrDefault(o => o[key]?.ToString() == item[key]?.ToString());
            if (found is null)
                merged.Add(item.DeepClone());
            else if (item["$patch"]?.ToString() == "delete")
                merged.Remove(found);
            else
                Merge(found, item, strategic: true);
        }

        return merged;
    }

    private static JsonObject JsonPatch(JsonObject target, JsonArray operations)
    {
        foreach (var operation in operations.OfType<JsonObject>())
            Operate(target, operation["op"]!.ToString(), operation["path"]!.ToString(), operation["value"]);
        return target;
    }

    private static void Operate(JsonObject target, string verb, string path, JsonNode? value)
    {
        var parts = path.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        JsonNode? parent = target;
        foreach (var part in parts.SkipLast(1))
            parent = parent is JsonArray list ? list[int.Parse(part)] : parent?[part];
        var last = parts[^1];
        switch (parent, verb)
        {
            case (JsonArray list, "add") when last == "-": list.Add(value?.DeepClone()); break;
            case (JsonArray list, "add"): list.Insert(int.Parse(last), value?.DeepClone()); break;
            case (JsonArray list, "replace"): list[int.Parse(last)] = value?.DeepClone(); break;
            case (JsonArray list, "remove"): list.RemoveAt(int.Parse(last)); break;
            case (JsonObject map, "add" or "replace"): map[last] = value?.DeepClone(); break;
            case (JsonObject map, "remove"): map.Remove(last); break;
            case (JsonObject map, "test") when JsonNode.DeepEquals(map[last], value): break;
            case (_, "test"): throw new ApiStatusException(422, "Invalid", $"testing value {path} failed");
            default: throw new ApiStatusException(422, "Invalid", $"cannot {verb} at {path}");
        }
    }
}
