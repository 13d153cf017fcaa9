using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.Kops.Rolling;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops rolling-update cluster</c>: prints which groups need it, and with <c>--yes</c> rolls the running lab through its AWS and Kubernetes endpoints.</summary>
internal static class RollingUpdate
{
    private static readonly string[] Header = ["NAME", "STATUS", "NEEDUPDATE", "READY", "MIN", "TARGET", "MAX", "NODES"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterNameOrArgument();
        JsonNode? settings = (await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false))["spec"]?["rollingUpdate"];
        IReadOnlyList<JsonObject> all = await GetInstanceGroups.ReadAsync(call.State(), cluster).ConfigureAwait(false);
        bool cloudOnly = call.Command.Switch("cloudonly");
        if (!cloudOnly)
            GetInstances.RequireContext(call, cluster);
        if (call.Command.Switch("interactive"))
            throw new KopsError("the lab's kops is not interactive");
        LabStatus lab = await GetInstances.LabAsync(call).ConfigureAwait(false);
        using RollApi? api = cloudOnly ? null : new RollApi(call.Kubeconfig.Path, cluster, lab.ApiAddress, call.Cancel);
        IReadOnlyList<JsonObject> nodes = api is null ? [] : await NodesAsync(call, api).ConfigureAwait(false);
        bool single = all.Where(g => GetInstanceGroups.RoleOf(g) is "ControlPlane" or "APIServer").Sum(g => int.Parse($"{g["spec"]?["minSize"] ?? 1}", null)) <= 1;
        if (single)
            call.Output.Write("Detected single-control-plane cluster; won't detach before draining\n");
        using var aws = new AwsQuery(new Uri(call.Variable("AWS_ENDPOINT_URL")!), call.Cancel);
        var cloud = new RollCloud(aws, cluster, settings);
        IReadOnlyList<RolledGroup> groups = await cloud.GroupsAsync(RollFilter.Of(call, all), nodes).ConfigureAwait(false);
        GoTable.Write(call.Output, cloudOnly ? Header[..^1] : Header, groups.Select(g => Row(g)[..(cloudOnly ? ^1 : ^0)]));
        if (!groups.Any(g => g.NeedUpdate.Count > 0) && !call.Command.Switch("force"))
            call.Output.Write("\nNo rolling-update required.\n");
        else if (!call.Command.Switch("yes"))
            call.Output.Write("\nMust specify --yes to rolling-update.\n");
        else
            await ClusterRoll.RunAsync(new RollRun(RollOptions.Read(call, !single), cloud, api, call.Log, call.Output, call.Errors, all, lab.Speed, call.Cancel), cluster, groups).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<JsonObject>> NodesAsync(KopsCall call, RollApi api)
    {
        try
        {
            return await api.NodesAsync().ConfigureAwait(false);
        }
        catch (KopsError e)
        {
            call.Errors.Write("Unable to reach the kubernetes API.\nUse --cloudonly to do a rolling-update without confirming progress with the k8s API\n\n");
            throw new KopsError($"error listing nodes in cluster: {e.Message}");
        }
    }

    private static string[] Row(RolledGroup group) =>
    [
        group.Name, group.NeedUpdate.Count > 0 ? "NeedsUpdate" : "Ready", $"{group.NeedUpdate.Count}", $"{group.Ready.Count}",
        $"{group.MinSize}", $"{group.TargetSize}", $"{group.MaxSize}", $"{group.Instances.Count(i => i.Node is not null)}",
    ];
}
