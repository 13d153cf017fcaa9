using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops validate cluster</c>: machines that have not joined and nodes that are not ready, as the lab has them now.</summary>
internal static class ValidateCluster
{
    private const string Source = "validate_cluster.go";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly string[] Groups = ["NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "SUBNETS"];
    private static readonly string[] Nodes = ["NAME", "ROLE", "READY"];
    private static readonly string[] Failures = ["KIND", "NAME", "MESSAGE"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterNameOrArgument();
        try
        {
            await ValidateAsync(call, cluster).ConfigureAwait(false);
        }
        catch (KopsError e)
        {
            throw new KopsError($"validation failed: {e.Message}");
        }
    }

    private static async Task ValidateAsync(KopsCall call, string cluster)
    {
        await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false);
        IReadOnlyList<JsonObject> groups = await GetInstanceGroups.ReadAsync(call.State(), cluster).ConfigureAwait(false);
        if (call.Command.Flag("output") == "table")
            call.Output.Write($"Validating cluster {cluster}\n\n");
        if (groups.Count == 0)
            throw new KopsError("no InstanceGroup objects found");
        GetInstances.RequireContext(call, cluster, call.Command.Flag("kubeconfig") is { Length: > 0 } path ? call.KubeconfigAt(path) : null);
        GoDuration.TryParse(call.Command.Flag("wait") ?? "0", out TimeSpan wait);
        int count = int.Parse(call.Command.Flag("count") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        DateTime end = DateTime.UtcNow + wait;
        for (int passed = 0; ; await Task.Delay(Pause, call.Cancel).ConfigureAwait(false))
        {
            if (wait > TimeSpan.Zero && DateTime.UtcNow > end)
                throw new KopsError("wait time exceeded during validation");
            bool healthy = await ShowAsync(call, cluster, groups).ConfigureAwait(false);
            passed = healthy ? passed + 1 : 0;
            if (healthy && passed >= count)
                return;
            string why = healthy ? $"cluster passed validation {passed} consecutive times" : "cluster not yet healthy";
            if (healthy)
                call.Log.Info($"{Source}:220", $"(will retry): {why}");
            if (wait <= TimeSpan.Zero)
                throw new KopsError(why);
            if (!healthy)
                call.Log.Warning($"{Source}:232", $"(will retry): {why}");
        }
    }

    private static async Task<bool> ShowAsync(KopsCall call, string cluster, IReadOnlyList<JsonObject> groups)
    {
        LabStatus lab = await GetInstances.LabAsync(call).ConfigureAwait(false);
        LabNodeStatus[] nodes = [.. lab.Nodes.Where(n => n.State is "pending" or "running")];
        LabNodeStatus[] failing = [.. nodes.Where(n => !n.Ready)];
        switch (call.Format())
        {
            case "table":
                Tables(call, cluster, groups, nodes, failing);
                break;
            case "json":
                call.Output.Write(GoJson.Text(Document(nodes, failing)));
                break;
            default:
                call.Output.Write(GoYaml.Text(Document(nodes, failing)));
                break;
        }

        return failing.Length == 0;
    }

    private static void Tables(KopsCall call, string cluster, IReadOnlyList<JsonObject> groups, LabNodeStatus[] nodes, LabNodeStatus[] failing)
    {
        call.Output.Write("INSTANCE GROUPS\n");
        GoTable.Write(call.Output, Groups, groups.Select(g => new[] { GetInstanceGroups.NameOf(g), GetInstanceGroups.RoleOf(g), $"{g["spec"]?["machineType"]}", GetInstanceGroups.Size(g["spec"]?["minSize"]), GetInstanceGroups.Size(g["spec"]?["maxSize"]), string.Join(',', Objects.Texts(g["spec"]?["subnets"])) }));
        call.Output.Write("\nNODE STATUS\n");
        GoTable.Write(call.Output, Nodes, nodes.Select(n => new[] { n.Id, n.Role, n.Ready ? "True" : "False" }));
        if (failing.Length == 0)
        {
            call.Output.Write($"\nYour cluster {cluster} is ready\n");
            return;
        }

        call.Output.Write("\nVALIDATION ERRORS\n");
        GoTable.Write(call.Output, Failures, failing.Select(n => new[] { "Machine", n.Id, Message(n) }));
        call.Output.Write("\nValidation Failed\n");
    }

    private static JsonObject Document(LabNodeStatus[] nodes, LabNodeStatus[] failing)
    {
        var document = new JsonObject();
        if (failing.Length > 0)
            document["failures"] = new JsonArray([.. failing.Select(n => (JsonNode)new JsonObject { ["type"] = "Machine", ["name"] = n.Id, ["message"] = Message(n) })]);
        document["nodes"] = new JsonArray([.. nodes.Select(n => (JsonNode)new JsonObject { ["name"] = n.Id, ["zone"] = n.Zone, ["role"] = n.Role, ["hostname"] = n.Id, ["status"] = n.Ready ? "True" : "False" })]);
        return document;
    }

    private static string Message(LabNodeStatus node) => $"machine \"{node.Id}\" has not yet joined cluster";
}
