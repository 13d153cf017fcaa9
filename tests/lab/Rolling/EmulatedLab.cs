using Rotation.Lab;
using Rotation.Tests.Lab.Kops;
using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Rolling;

/// <summary>A lab on a state store of the emulator's making, and kops commands on both.</summary>
internal sealed class EmulatedLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();

    private EmulatedLab()
    {
    }

    public LabCluster Lab { get; private set; } = null!;

    public string Kubeconfig => _folder.Combine("kubeconfig");

    /// <summary>Names of the control plane's groups.</summary>
    public IReadOnlyList<string> ControlPlane => [.. Lab.GetStatus().Nodes.Where(n => n.Role == "control-plane").Select(n => n.Group).Distinct()];

    public static async Task<EmulatedLab> StartAsync(int controlPlane = 1, int workers = 2, int groups = 1, double speed = 600, bool classic = false)
    {
        var made = new EmulatedLab();
        var options = new LabOptions { StateStoreDirectory = made._folder.Combine("state"), ControlPlaneNodes = controlPlane, WorkerNodes = workers, WorkerGroups = groups, Speed = speed, Seed = 1 };
        Directory.CreateDirectory(options.StateStoreDirectory);
        using var limit = new CancellationTokenSource(Patience);
        await LabStateStore.CreateAsync(options, limit.Token);
        await LabStateStore.DeployAsync(options, made.Kubeconfig, limit.Token);
        if (classic)
            UseClassicLoadBalancer(Path.Combine(options.StateStoreDirectory, options.ClusterName, "config"));
        made.Lab = await LabCluster.StartAsync(options, limit.Token);
        return made;
    }

    /// <summary>Runs kops and returns exit code, standard output and standard error.</summary>
    public async Task<(int Code, string Out, string Errors)> RunAsync(string command)
    {
        var environment = new Dictionary<string, string>
        {
            ["KOPS_STATE_STORE"] = $"file://{_folder.Combine("state")}",
            ["KOPS_CLUSTER_NAME"] = "lab.example.com",
            ["KUBECONFIG"] = Kubeconfig,
            ["AWS_ENDPOINT_URL"] = Lab.AwsEndpoint.ToString(),
        };
        using var limit = new CancellationTokenSource(Patience);
        Emulated done = await Emulated.RunAsync(command.Split(' '), environment, limit.Token);
        return (done.ExitCode, done.Output, RecordedText.WithoutFolderWarning(done.Errors));
    }

    /// <summary>Stages a keypair everywhere, so that every node needs the update.</summary>
    public async Task StageAsync()
    {
        foreach (string command in (string[])["create keypair all", "update cluster --yes --create-kube-config=false"])
            if (await RunAsync(command) is { Code: not 0 } failed)
                throw new InvalidOperationException($"kops {command}: {failed.Errors}");
    }

    private static void UseClassicLoadBalancer(string config)
    {
        const string Dns = "\n    dns: {}\n";
        string text = File.ReadAllText(config);
        if (!text.Contains(Dns, StringComparison.Ordinal))
            throw new InvalidOperationException($"{config} has no api.dns:\n{text}");
        File.WriteAllText(config, text.Replace(Dns, "\n    loadBalancer:\n      class: Classic\n", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        if (Lab.GetStatus().Broken is [var broken, ..])
            throw new InvalidOperationException(broken);
        _folder.Dispose();
    }
}
