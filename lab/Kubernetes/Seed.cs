using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>What a new cluster holds: namespaces, service accounts, system and application workloads, budgets.</summary>
internal static class Seed
{
    public static void AddSystem(LabWorld world, int workers)
    {
        foreach (var name in new[] { "default", "kube-system", "kube-public", "kube-node-lease" })
        {
            world.Store.Create("namespaces", KubeObjects.Named("v1", "Namespace", null, name));
            world.Store.Create("serviceaccounts", KubeObjects.Named("v1", "ServiceAccount", name, "default"));
        }

        Add(world, "daemonsets", "DaemonSet", "kube-system", "cilium", 0, "system-node-critical");
        Add(world, "deployments", "Deployment", "kube-system", "coredns", Math.Min(2, workers), "system-cluster-critical");
        Add(world, "poddisruptionbudgets", "kube-system", "coredns");
    }

    /// <summary>Workloads of the cluster's users. Added when every node is there, so that they are spread over all.</summary>
    public static void AddApplications(LabWorld world, int workers)
    {
        var applications = workers * world.Options.PodsPerWorker;
        if (applications == 0)
            return;
        var stateful = Math.Min(3, Math.Max(1, applications / 3));
        Add(world, "statefulsets", "StatefulSet", "default", "database", stateful, null);
        Add(world, "poddisruptionbudgets", "default", "database");
        var web = Math.Max(1, applications - stateful);
        Add(world, "deployments", "Deployment", "default", "web", web, null);
        Add(world, "poddisruptionbudgets", "default", "web", web < 4 ? "1" : "25%");
    }

    private static void Add(LabWorld world, string resource, string kind, string ns, string name, int replicas, string? priority)
    {
        var labels = new JsonObject { ["app"] = name };
        var set = KubeObjects.Named("apps/v1", kind, ns, name);
        var pod = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "lab/" + name }), ["serviceAccountName"] = "default" };
        if (priority is not null)
            pod["priorityClassName"] = priority;
        if (world.Options.TokenLife is { } life)
            pod["volumes"] = new JsonArray(TokenVolume((long)life.TotalSeconds));
        set["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels }, ["spec"] = pod },
        };
        world.Store.Create(resource, set);
    }

    private static JsonObject TokenVolume(long seconds) => new()
    {
        ["name"] = "kube-api-access",
        ["projected"] = new JsonObject { ["sources"] = new JsonArray(new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = seconds, ["path"] = "token" } }) },
    };

    private static void Add(LabWorld world, string resource, string ns, string name, string maxUnavailable = "1")
    {
        var budget = KubeObjects.Named("policy/v1", "PodDisruptionBudget", ns, name);
        JsonNode most = int.TryParse(maxUnavailable, out var count) ? count : maxUnavailable;
        budget["spec"] = new JsonObject
        {
            ["maxUnavailable"] = most,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
        };
        world.Store.Create(resource, budget);
    }
}
