using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Stores;
using Rotation.Lab;
using Rotation.Tests.Lab.Aws;
using Rotation.Tests.Lab.Rolls;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Tests.Lab.Legacy;

/// <summary>A lab that kops 1.21 made, and a worker with every workflow and every activity of the product on it; its control-plane host is an sshd on loopback.</summary>
internal sealed class LegacyLab : IAsyncDisposable
{
    private const string KopsVersion = "1.21.5";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly string _queue = RandomId.New("queue");
    private readonly ITemporalClient _client;
    private ServiceProvider _services = null!;
    private RunningWorker _worker = null!;

    private LegacyLab(RollServer server) => _client = server.Typed;

    public LabCluster Lab { get; private set; } = null!;

    /// <summary>The admin's kubeconfig from before.</summary>
    public string OldKubeconfig => _folder.Combine("old");

    /// <summary>Where the worker delivers kubeconfigs to.</summary>
    public string Sink => _folder.Combine("sink");

    /// <summary>File of the failures that kops is told to have.</summary>
    public string KopsFaults => _folder.Combine("kops-faults");

    /// <summary>Below it are etcd's volumes.</summary>
    public string Volumes => _folder.Combine("volumes");

    public static async Task<LegacyLab> StartAsync(RollServer server, SshServer host)
    {
        var made = new LegacyLab(server);
        var options = new LabOptions { StateStoreDirectory = made._folder.Combine("state"), KopsVersion = KopsVersion, ControlPlaneNodes = 1, WorkerNodes = 2, PodsPerWorker = 1, Speed = 600, Seed = 1 };
        Directory.CreateDirectory(options.StateStoreDirectory);
        using var limit = new CancellationTokenSource(Patience);
        await LabStateStore.CreateAsync(options, limit.Token);
        await LabStateStore.DeployAsync(options, made.OldKubeconfig, limit.Token);
        File.Copy(made.OldKubeconfig, made.Sink);
        made.Lab = await LabCluster.StartAsync(options, limit.Token);
        made.Work(options, host);
        return made;
    }

    /// <summary>Runs the procedure to its end.</summary>
    public async Task<(RotationResult Result, string? LastFailure)> RotateAsync()
    {
        var request = new LegacyRotationRequest { Cluster = Name, AcknowledgeDisruption = Name, Approvals = new() { Auto = true }, OnFailure = FailureReaction.Rollback, Settle = new(TimeSpan.FromMilliseconds(100)) };
        var handle = await _client.StartWorkflowAsync((LegacyRotation w) => w.RunAsync(request), new(RandomId.New("legacy"), _queue));
        RotationResult result = await handle.GetResultAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (result, (await handle.QueryAsync(w => w.GetStatus())).LastFailure);
    }

    /// <summary>The state of the cluster's lock.</summary>
    public async Task<Temporalio.Api.Enums.V1.WorkflowExecutionStatus> LockAsync() =>
        (await _client.GetWorkflowHandle(ClusterLock.IdOf(Name, _services.GetRequiredService<StateStores>().IdentityOf(new() { Name = Name }))).DescribeAsync()).Status;

    /// <summary>Ids of the keypairs that the state store has, of every keyset.</summary>
    public IReadOnlyDictionary<string, string[]> Keypairs() => Directory.GetDirectories(_folder.Combine("state", Name, "pki", "private"))
        .ToDictionary(d => Path.GetFileName(d), d => Directory.GetFiles(d, "*.key").Select(f => Path.GetFileNameWithoutExtension(f)).ToArray(), StringComparer.Ordinal);

    /// <summary>A client with the credentials of a kubeconfig, or with a token in their place.</summary>
    public IKubernetes Client(string kubeconfig, string? token = null)
    {
        KubernetesClientConfiguration configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        (configuration.Host, configuration.SkipTlsVerify) = ($"https://{Lab.ApiAddress}", true);
        if (token is not null)
            (configuration.AccessToken, configuration.ClientCertificateData, configuration.ClientCertificateKeyData) = (token, null, null);
        return new k8s.Kubernetes(configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _services.DisposeAsync();
        await Lab.DisposeAsync();
        _folder.Dispose();
    }

    private static string Name => new LabOptions { StateStoreDirectory = "" }.ClusterName;

    private void Work(LabOptions options, SshServer host)
    {
        Clients.UseTestCredentials();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Rotation:StateStore"] = $"file://{options.StateStoreDirectory}",
            ["Rotation:WorkDirectory"] = _folder.Combine("work"),
            ["Rotation:Aws:EndpointUrl"] = Lab.AwsEndpoint.ToString(),
            ["Rotation:Aws:Region"] = "us-east-1",
            ["Rotation:Deadlines:Poll"] = "00:00:00.05",
            ["Rotation:Sinks:ops:Type"] = "File",
            ["Rotation:Sinks:ops:Path"] = Sink,
            ["Rotation:DefaultSinks:0"] = "ops",
            ["Rotation:Ssh:User"] = Environment.UserName,
            ["Rotation:Ssh:KeyPath"] = host.ClientKey,
            ["Rotation:Ssh:Sudo"] = "false",
            ["Rotation:Ssh:EtcdVolumes"] = Volumes,
            [$"Rotation:Clusters:{Name}:ApiServerAddress"] = Lab.ApiAddress,
            [$"Rotation:Clusters:{Name}:SshHosts:0:Host"] = $"127.0.0.1:{host.Port}",
            [$"Rotation:Clusters:{Name}:SshHosts:0:HostKey"] = host.HostKey,
        }).Build();
        _services = new ServiceCollection().AddLogging().AddRotationActivities(configuration).AddSingleton<IKops>(new EmulatedKops(options, Lab, KopsFaults)).BuildServiceProvider();
        var work = new TemporalWorkerOptions(_queue);
        foreach (Type type in RotationWorkflows.Types)
            work.AddWorkflow(type);
        foreach (Type type in ActivityRegistration.ActivityTypes)
            work.AddAllActivities(type, _services.GetRequiredService(type));
        _worker = new(_client, work);
    }
}
