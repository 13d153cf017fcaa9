using Amazon.AutoScaling.Model;
using k8s;
using Rotation.Tests.Lab.Aws;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Xunit;

namespace Rotation.Tests.Lab.Contracts;

/// <summary>
/// What the contract is asked of: a lab, or, where the variables of <c>docs/lab.md</c> are set, another implementation of AWS or of Kubernetes that holds a kOps cluster.
/// </summary>
public sealed class ContractTarget : IAsyncLifetime
{
    private const string Prefix = "ROTATION_CONTRACT_";
    private LabRun? _lab;
    private Clients? _aws;

    /// <summary>kOps cluster name.</summary>
    public string Cluster => Variable("CLUSTER") ?? HandKops.ClusterName;

    /// <summary>An instance group of workers with at least two nodes.</summary>
    public string WorkerGroup => Variable("WORKER_GROUP") ?? "nodes-0";

    internal Clients Aws => _aws!;

    internal k8s.Kubernetes Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Variable("AWS_ENDPOINT") is null || Variable("KUBECONFIG") is null)
            _lab = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        _aws = new Clients(Variable("AWS_ENDPOINT") is { } endpoint ? new Uri(endpoint) : _lab!.Lab.AwsEndpoint);
        KubernetesClientConfiguration configuration = await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(Variable("KUBECONFIG") ?? _lab!.Kops.Kubeconfig));
        if (Variable("KUBECONFIG") is null)
            configuration.Host = $"https://{_lab!.Lab.ApiAddress}";
        // What is asked here is answers; who is trusted is asked elsewhere.
        configuration.SkipTlsVerify = true;
        Api = new k8s.Kubernetes(configuration);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        _aws?.Dispose();
        if (_lab is not null)
            await _lab.DisposeAsync();
    }

    /// <summary>The AutoScaling groups that carry this tag.</summary>
    internal async Task<List<AutoScalingGroup>> GroupsAsync(string filter, string value) =>
        (await Aws.AutoScaling.DescribeAutoScalingGroupsAsync(new() { Filters = [new() { Name = filter, Values = [value] }] }, TestContext.Current.CancellationToken)).AutoScalingGroups;

    /// <summary>Skips a test that ends an instance, unless the target is a lab or may be changed.</summary>
    public void SkipUnlessItMayReplaceNodes()
    {
        if (Variable("AWS_ENDPOINT") is not null && Variable("REPLACES_NODES") != "1")
            throw new SkipTestException($"{Prefix}REPLACES_NODES is not 1.");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } value ? value : null;
}
