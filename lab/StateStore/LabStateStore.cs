using System.Globalization;
using System.Text;
using Rotation.Lab.Kops;
using Rotation.Lab.Kops.Commands;

namespace Rotation.Lab;

/// <summary>Makes the state store of a lab cluster, by the emulator's own commands wherever kops has one.</summary>
public static class LabStateStore
{
    private static readonly string[] Keysets =
    [
        "kubernetes-ca", "service-account", "etcd-manager-ca-main", "etcd-peers-ca-main", "etcd-clients-ca",
        "etcd-manager-ca-events", "etcd-peers-ca-events", "apiserver-aggregator-ca",
    ];

    /// <summary>
    /// Writes a new cluster with eight keysets into <see cref="LabOptions.StateStoreDirectory"/>. Throws <see cref="InvalidOperationException"/> when the folder
    /// holds a cluster of that name already.
    /// </summary>
    public static async Task CreateAsync(LabOptions options, CancellationToken cancel)
    {
        string folder = Path.Combine(options.StateStoreDirectory, options.ClusterName);
        if (File.Exists(Path.Combine(folder, "config")))
            throw new InvalidOperationException($"The state store '{options.StateStoreDirectory}' holds the cluster '{options.ClusterName}' already.");
        Directory.CreateDirectory(Path.Combine(folder, "instancegroup"));
        string[] servers = [.. Enumerable.Range(0, options.ControlPlaneNodes).Select(n => $"control-plane-us-east-1{(char)('a' + n)}")];
        foreach (string server in servers)
            await WriteGroupAsync(folder, options.ClusterName, server, "Master", 1, [server["control-plane-".Length..]], cancel).ConfigureAwait(false);
        for (var n = 0; n < options.WorkerGroups; n++)
        {
            int size = (options.WorkerNodes / options.WorkerGroups) + (n < options.WorkerNodes % options.WorkerGroups ? 1 : 0);
            await WriteGroupAsync(folder, options.ClusterName, $"nodes-{n + 1}", "Node", size, ["us-east-1a", "us-east-1b", "us-east-1c"], cancel).ConfigureAwait(false);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "config"), Config(options, servers), cancel).ConfigureAwait(false);
        // Before kops 1.22 there was no such command: the update makes them.
        if (GetVersion.IsOlder(options.KopsVersion))
            return;
        await Parallel.ForEachAsync(Keysets, cancel, async (keyset, token) => await RunAsync(options, ["create", "keypair", keyset, "--primary"], token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Copies one cluster of another state store into <see cref="LabOptions.StateStoreDirectory"/>; the other is only read.</summary>
    public static void CopyFrom(string stateStoreDirectory, LabOptions options)
    {
        string source = Path.Combine(stateStoreDirectory, options.ClusterName);
        if (!File.Exists(Path.Combine(source, "config")))
            throw new InvalidOperationException($"The state store '{stateStoreDirectory}' holds no cluster '{options.ClusterName}'.");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(options.StateStoreDirectory, options.ClusterName, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>
    /// Does what an operator did when the cluster was made: <c>update cluster --yes</c>, so that nodes can boot, and, where <paramref name="kubeconfig"/> is not there
    /// yet, <c>export kubecfg --admin</c> into it.
    /// </summary>
    public static async Task DeployAsync(LabOptions options, string kubeconfig, CancellationToken cancel)
    {
        await RunAsync(options, ["update", "cluster", "--yes", "--create-kube-config=false"], cancel).ConfigureAwait(false);
        if (!File.Exists(kubeconfig))
            await RunAsync(options, ["export", "kubecfg", "--admin", "--kubeconfig", kubeconfig], cancel).ConfigureAwait(false);
    }

    private static async Task RunAsync(LabOptions options, string[] args, CancellationToken cancel)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        string[] named = [.. args, "--name", options.ClusterName, "--state", $"file://{Path.GetFullPath(options.StateStoreDirectory)}"];
        if (await KopsEmulator.RunAsync(named, TextWriter.Null, errors, new Dictionary<string, string> { ["KOPS_LAB_VERSION"] = options.KopsVersion }, cancel).ConfigureAwait(false) != 0)
            throw new InvalidOperationException($"kops {string.Join(' ', args)} failed: {errors}");
    }

    private static Task WriteGroupAsync(string folder, string cluster, string name, string role, int size, string[] zones, CancellationToken cancel) => File.WriteAllTextAsync(
        Path.Combine(folder, "instancegroup", name),
        $"""
        apiVersion: kops.k8s.io/v1alpha2
        kind: InstanceGroup
        metadata:
          creationTimestamp: null
          labels:
            kops.k8s.io/cluster: {cluster}
          name: {name}
        spec:
          machineType: t3.medium
          maxSize: {size}
          minSize: {size}
          role: {role}
          subnets:
        {string.Join('\n', zones.Select(z => $"  - {z}"))}

        """,
        cancel);

    private static string Config(LabOptions options, string[] servers)
    {
        var text = new StringBuilder($"""
            apiVersion: kops.k8s.io/v1alpha2
            kind: Cluster
            metadata:
              creationTimestamp: null
              name: {options.ClusterName}
            spec:
              api:
                dns: {"{}"}
              authorization:
                rbac: {"{}"}
              channel: stable
              cloudProvider: aws
              configBase: file://{Path.GetFullPath(options.StateStoreDirectory)}/{options.ClusterName}
              etcdClusters:

            """);
        foreach (string etcd in (string[])["main", "events"])
        {
            text.Append("  - etcdMembers:\n");
            foreach (string server in servers)
                text.Append(CultureInfo.InvariantCulture, $"    - instanceGroup: {server}\n      name: {server[^1]}\n");
            text.Append(CultureInfo.InvariantCulture, $"    name: {etcd}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"""
              kubernetesVersion: 1.26.5
              masterPublicName: api.{options.ClusterName}
              networkCIDR: 172.20.0.0/16
              networking:
                cilium: {"{}"}
              nonMasqueradeCIDR: 100.64.0.0/10
              subnets:

            """);
        for (var n = 0; n < 3; n++)
            text.Append(CultureInfo.InvariantCulture, $"  - cidr: 172.20.{32 * (n + 1)}.0/19\n    name: us-east-1{(char)('a' + n)}\n    type: Public\n    zone: us-east-1{(char)('a' + n)}\n");
        return text.Append("  topology:\n    dns:\n      type: Public\n").ToString();
    }
}
