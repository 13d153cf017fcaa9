using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops validate cluster</c>: machines that have not joined and nodes that are not ready, as the lab has them now.</summary>
internal static class ValidateCluster
{
    private static readonly string[] Nodes = ["NAME", "ROLE", "READY"];
    private static readonly string[] Failures = ["KIND", "NAME", "MESSAGE"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        bool table = call.Command.Flag("output") == "table";
        if (table)
            call.Output.Write($"Validating cluster {cluster}\n\n");
        LabStatus lab = await ReadAsync(call, cluster).ConfigureAwait(false);
        LabNodeStatus[] nodes = [.. lab.Nodes.Where(n => n.State is "pending" or "running")];
        LabNodeStatus[] failing = [.. nodes.Where(n => !n.Ready)];
        if (table)
            Tables(call, cluster, nodes, failing);
        else
            call.Output.Write(call.Command.Flag("output") switch
            {
                "json" => GoJson.Text(Document(nodes, failing)) + "\n",
                "yaml" => GoYaml.Text(Document(nodes, failing)),
                var other => throw new KopsError($"Unknown output format: \"{other}\""),
            });
        if (failing.Length > 0)
            throw new KopsError("validation failed: cluster not yet healthy");
    }

    private static async Task<LabStatus> ReadAsync(KopsCall call, string cluster)
    {
        try
        {
            await Clusters.RequireAsync(call.State(), cluster).ConfigureAwait(false);
            GetInstances.RequireContext(call, cluster);
            return await GetInstances.LabAsync(call).ConfigureAwait(false);
        }
        catch (KopsError e)
        {
            throw new KopsError($"validation failed: {e.Message}");
        }
    }

    private static void Tables(KopsCall call, string cluster, LabNodeStatus[] nodes, LabNodeStatus[] failing)
    {
        call.Output.Write("NODE STATUS\n");
        GoTable.Write(call.Output, Nodes, nodes.Select(n => new[] { n.Id, n.Role, n.Ready ? "True" : "False" }));
        if (failing.Length == 0)
        {
            call.Output.Write($"\nYour cluster {cluster} is ready\n");
            return;
        }

        call.Output.Write("\nVALIDATION ERRORS\n");
        GoTable.Write(call.Output, Failures, failing.Select(n => new[] { "Machine", n.Id, Message(n) }));
    }

    private static JsonObject Document(LabNodeStatus[] nodes, LabNodeStatus[] failing)
    {
        var document = new JsonObject();
        if (failing.Length > 0)
            document["failures"] = new JsonArray([.. failing.Select(n => (JsonNode)new JsonObject { ["kind"] = "Machine", ["name"] = n.Id, ["message"] = Message(n) })]);
        document["nodes"] = new JsonArray([.. nodes.Select(n => (JsonNode)new JsonObject { ["name"] = n.Id, ["zone"] = n.Zone, ["role"] = n.Role, ["hostname"] = n.Id, ["status"] = n.Ready ? "True" : "False" })]);
        return document;
    }

    private static string Message(LabNodeStatus node) => $"machine \"{node.Id}\" has not yet joined cluster";
}
