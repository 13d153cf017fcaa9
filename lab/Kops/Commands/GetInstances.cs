using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get instances</c>: asks the lab behind <c>AWS_ENDPOINT_URL</c>.</summary>
internal static class GetInstances
{
    private static readonly string[] Header = ["ID", "NODE-NAME", "STATUS", "ROLES", "STATE", "INTERNAL-IP", "INSTANCE-GROUP", "MACHINE-TYPE"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterNameOrArgument();
        await Clusters.RequireAsync(call.State(), cluster).ConfigureAwait(false);
        IReadOnlyList<JsonObject> groups = await GetInstanceGroups.ReadAsync(call.State(), cluster).ConfigureAwait(false);
        RequireContext(call, cluster);
        LabStatus lab = await LabAsync(call).ConfigureAwait(false);
        JsonObject[] instances = [.. lab.Nodes.Where(n => n.State is "pending" or "running").Select(n => Object(n, groups))];
        switch (call.Format("unsupported output format"))
        {
            case "table":
                call.Output.Write("\n");
                GoTable.Write(call.Output, Header, instances.Select(Row));
                break;
            case "json":
                call.Output.Write(GoJson.Text(List(instances)));
                break;
            default:
                call.Output.Write(GoYaml.Text(List(instances)));
                break;
        }
    }

    /// <summary>The lab as it is now. Fails when no cloud is reachable.</summary>
    public static Task<LabStatus> LabAsync(KopsCall call)
    {
        string endpoint = call.Variable("AWS_ENDPOINT_URL") ?? throw new KopsError("error building cloud: NoCredentialProviders: no valid providers in chain (the lab's kops needs AWS_ENDPOINT_URL)");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using HttpResponseMessage answer = http.Send(new(HttpMethod.Get, new Uri(new Uri(endpoint), "lab/status")), call.Cancel);
            using Stream body = answer.EnsureSuccessStatusCode().Content.ReadAsStream(call.Cancel);
            return Task.FromResult(JsonSerializer.Deserialize<LabStatus>(body, LabJson.Options)!);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !call.Cancel.IsCancellationRequested)
        {
            throw new KopsError($"error describing AutoScalingGroups: RequestError: send request failed\ncaused by: Post \"{endpoint}\": dial tcp: {e.Message}");
        }
    }

    /// <summary>Fails as kops does when the kubeconfig has no context of the cluster.</summary>
    public static void RequireContext(KopsCall call, string cluster, KubeconfigFile? kubeconfig = null)
    {
        if (!(kubeconfig ?? call.Kubeconfig).HasContext(cluster))
            throw new KopsError($"cannot load kubecfg settings for \"{cluster}\": context \"{cluster}\" does not exist");
    }

    private static JsonObject Object(LabNodeStatus node, IReadOnlyList<JsonObject> groups)
    {
        JsonNode? spec = groups.FirstOrDefault(g => GetInstanceGroups.NameOf(g) == node.Group)?["spec"];
        var instance = new JsonObject { ["id"] = node.Id };
        if (node.Ready)
            instance["nodeName"] = node.Id;
        instance["status"] = node.Detached ? "Detached" : node.NeedsUpdate ? "NeedsUpdate" : "UpToDate";
        instance["roles"] = new JsonArray(node.Role);
        instance["internalIP"] = "";
        instance["instanceGroup"] = node.Group;
        instance["machineType"] = $"{spec?["machineType"]}";
        instance["state"] = "";
        return instance;
    }

    private static string[] Row(JsonObject i) =>
        [$"{i["id"]}", $"{i["nodeName"]}", $"{i["status"]}", string.Join(", ", Objects.Texts(i["roles"])), $"{i["state"]}", $"{i["internalIP"]}", $"{i["instanceGroup"]}", $"{i["machineType"]}"];

    private static JsonArray List(JsonObject[] instances) => new([.. instances]);
}
