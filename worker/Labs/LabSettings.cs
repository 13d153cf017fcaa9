using System.Text.Json.Nodes;

namespace Rotation.Worker.Labs;

/// <summary>How a worker is configured for a lab: the lab stands behind the same settings as production.</summary>
internal static class LabSettings
{
    /// <summary>Name of the lab's one sink.</summary>
    public const string Sink = "lab";

    // Nobody checks them; without any, the SDK would look for real ones.
    public static IReadOnlyList<(string Name, string Value)> AwsCredentials { get; } = [("AWS_ACCESS_KEY_ID", "lab"), ("AWS_SECRET_ACCESS_KEY", "lab")];

    /// <summary>The settings by key, from the section <c>Rotation</c> on.</summary>
    public static Dictionary<string, string?> For(LabFolder folder, LabCard card) => new()
    {
        ["Rotation:Kops:Path"] = folder.Kops,
        ["Rotation:StateStore"] = folder.StateStoreUrl,
        ["Rotation:WorkDirectory"] = folder.Work,
        ["Rotation:Aws:EndpointUrl"] = card.Aws.ToString(),
        [$"Rotation:Clusters:{card.Cluster}:ApiServerAddress"] = card.Api,
        ["Rotation:DefaultSinks:0"] = Sink,
        [$"Rotation:Sinks:{Sink}:Type"] = "file",
        [$"Rotation:Sinks:{Sink}:Path"] = folder.Kubeconfig,
        ["Rotation:Deadlines:Poll"] = "00:00:00.05",
    };

    /// <summary>Writes them as <c>worker.json</c>, and the variables a shell needs as <c>lab.env</c>.</summary>
    public static async Task WriteAsync(LabFolder folder, LabCard card, CancellationToken cancel)
    {
        var root = new JsonObject();
        foreach ((string key, string? value) in For(folder, card))
            Set(root, key.Split(':'), value);
        await File.WriteAllTextAsync(folder.WorkerConfig, root.ToJsonString(new() { WriteIndented = true }) + Environment.NewLine, cancel).ConfigureAwait(false);
        string[] variables = [.. AwsCredentials.Select(c => $"{c.Name}={c.Value}"), $"AWS_ENDPOINT_URL={card.Aws}", $"KOPS_STATE_STORE={card.StateStore}", $"KUBECONFIG={card.Kubeconfig}"];
        await File.WriteAllLinesAsync(folder.Variables, variables.Select(v => $"export {v}"), cancel).ConfigureAwait(false);
    }

    private static void Set(JsonObject target, ReadOnlySpan<string> path, string? value)
    {
        if (path.Length == 1)
        {
            target[path[0]] = value;
            return;
        }

        if (target[path[0]] is not JsonObject inner)
            target[path[0]] = inner = [];
        Set(inner, path[1..], value);
    }
}
