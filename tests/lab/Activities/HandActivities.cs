using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Nodes;
using Rotation.Activities.Secrets;
using Rotation.Tests.Lab.Aws;
using Rotation.Tests.Lab.Cluster;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Testing;

namespace Rotation.Tests.Lab.Activities;

/// <summary>The worker's activities, put together as the worker does, on a lab: only kops itself is played by <see cref="HandKops"/>.</summary>
internal sealed class HandActivities : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly LabRun _run;

    public HandActivities(LabRun run, Uri? cloud = null)
    {
        _run = run;
        Clients.UseTestCredentials();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Rotation:StateStore"] = $"file://{run.Kops.Directory}",
            ["Rotation:WorkDirectory"] = Path.Combine(run.Kops.Directory, "work"),
            ["Rotation:Aws:EndpointUrl"] = (cloud ?? run.Lab.AwsEndpoint).ToString(),
            ["Rotation:Aws:Region"] = "us-east-1",
            ["Rotation:Deadlines:Poll"] = "00:00:00.05",
            [$"Rotation:Clusters:{HandKops.ClusterName}:ApiServerAddress"] = run.Lab.ApiAddress,
        }).Build();
        _services = new ServiceCollection().AddRotationActivities(configuration).AddSingleton<IKops>(new Kops(run.Kops)).BuildServiceProvider();
    }

    public static ClusterRef Ref { get; } = new() { Name = HandKops.ClusterName, Rotation = "rotation-1" };

    public NodeActivities Nodes => _services.GetRequiredService<NodeActivities>();

    public KubernetesNodes Kubernetes => _services.GetRequiredService<KubernetesNodes>();

    public Task<k8s.IKubernetes> ConnectAsync() => _services.GetRequiredService<KubernetesClients>().ConnectAsync(Ref, CancellationToken.None);

    /// <summary>Lets any number of pods be evicted that a budget protected.</summary>
    public async Task DeleteBudgetAsync(string inNamespace, string name)
    {
        k8s.IKubernetes api = await ConnectAsync();
        await k8s.PolicyV1OperationsExtensions.DeleteNamespacedPodDisruptionBudgetAsync(api.PolicyV1, name, inNamespace);
    }

    public async Task DeletePodAsync(string inNamespace, string name)
    {
        k8s.IKubernetes api = await ConnectAsync();
        await k8s.CoreV1OperationsExtensions.DeleteNamespacedPodAsync(api.CoreV1, name, inNamespace);
    }

    public StoredSecretActivities StoredSecrets => _services.GetRequiredService<StoredSecretActivities>();

    /// <summary>An instance as a plan would hold it.</summary>
    public InstanceState Instance(string id)
    {
        var node = _run.Lab.GetStatus().Nodes.Single(n => n.Id == id);
        var role = node.Role == "node" ? InstanceGroupRole.Node : InstanceGroupRole.ControlPlane;
        return new InstanceState { Id = id, NodeName = id, InstanceGroup = node.Group, Role = role, Zone = node.Zone, NeedsUpdate = node.NeedsUpdate };
    }

    public NodeInput Input(string id) => new() { Cluster = Ref, Instance = Instance(id) };

    /// <summary>Runs an activity as the worker would.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> activity) =>
        new ActivityEnvironment { Info = ActivityEnvironment.DefaultInfo with { StartToCloseTimeout = TimeSpan.FromMinutes(2) } }.RunAsync(activity);

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(Func<Task> activity) => RunAsync(async () =>
    {
        await activity();
        return true;
    });

    /// <summary>The life of one node in a roll, in the order in which the workflow calls for it.</summary>
    public async Task ReplaceAsync(string id, bool surge)
    {
        var input = Input(id);
        var group = new AwaitGroupInput { Cluster = Ref, InstanceGroup = input.Instance.InstanceGroup, Gone = [id] };
        if (surge)
        {
            await RunAsync(() => Nodes.DetachInstanceAsync(input));
            await RunAsync(() => Nodes.AwaitGroupAsync(group));
        }

        await RunAsync(() => Nodes.DrainNodeAsync(new DrainNodeInput { Cluster = Ref, Instance = input.Instance }));
        await RunAsync(() => Nodes.TerminateInstanceAsync(input));
        if (!surge)
            await RunAsync(() => Nodes.AwaitGroupAsync(group));
    }

    public void Dispose() => _services.Dispose();

    /// <summary>Answers the reads that node activities make of kops.</summary>
    private sealed class Kops(HandKops hand) : IKops
    {
        public Task<KopsVersion> VersionAsync(ClusterRef cluster, CancellationToken ct) => throw new NotSupportedException("Node activities do not ask for the version of kops.");

        public Task<KopsAnswer> RunAsync(ClusterRef cluster, KopsCommand command, CancellationToken ct)
        {
            if (command.Arguments is ["get", "instancegroups", ..])
                return Task.FromResult(new KopsAnswer(0, JsonSerializer.Serialize(hand.Groups.Select(Group)), ""));
            if (command.Arguments is not ["export", "kubecfg", "--kubeconfig", var file, ..])
                throw new NotSupportedException($"Node activities do not run '{command}'.");
            hand.Export(file, admin: true);
            return Task.FromResult(new KopsAnswer(0, "", ""));
        }

        private static object Group((string Name, bool ControlPlane, int Size) group) => new
        {
            metadata = new { name = group.Name },
            spec = new { role = group.ControlPlane ? "Master" : "Node", minSize = group.Size, maxSize = group.Size, subnets = Array.Empty<string>() },
        };
    }
}
