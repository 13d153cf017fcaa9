using System.Text.Json;
using Rotation.Lab;
using Rotation.Worker.Commands;

namespace Rotation.Worker.Labs;

/// <summary>What a running lab says of itself, in a file that lasts as long as it runs.</summary>
internal sealed record LabCard
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>kOps cluster name.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The state store as kops writes it.</summary>
    public string StateStore { get; init; } = "";

    /// <summary>Path of the lab's kops.</summary>
    public string Kops { get; init; } = "";

    /// <summary>Path of the admin kubeconfig.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Address of the Kubernetes API, HOST:PORT.</summary>
    public string Api { get; init; } = "";

    /// <summary>What <c>AWS_ENDPOINT_URL</c> is set to.</summary>
    public Uri Aws { get; init; } = new("http://127.0.0.1");

    /// <summary>The lab's own endpoint.</summary>
    public Uri Control { get; init; } = new("http://127.0.0.1");

    /// <summary>Path of a configuration for <c>rotation worker --config</c>.</summary>
    public string WorkerConfig { get; init; } = "";

    /// <summary>Process that runs the lab.</summary>
    public int ProcessId { get; init; }

    public static LabCard Of(LabFolder folder, LabCluster lab, string cluster) => new()
    {
        Cluster = cluster,
        StateStore = folder.StateStoreUrl,
        Kops = folder.Kops,
        Kubeconfig = folder.Kubeconfig,
        Api = lab.ApiAddress,
        Aws = lab.AwsEndpoint,
        Control = lab.ControlEndpoint,
        WorkerConfig = folder.WorkerConfig,
        ProcessId = Environment.ProcessId,
    };

    /// <summary>Reads the card of a running lab. Fails with exit code 5 when there is none.</summary>
    public static async Task<LabCard> ReadAsync(LabFolder folder, CancellationToken cancel)
    {
        if (!File.Exists(folder.Card))
            throw CommandFailure.Unreachable($"No lab runs in {folder.Root}. Start one with: rotation lab up");
        return JsonSerializer.Deserialize<LabCard>(await File.ReadAllTextAsync(folder.Card, cancel).ConfigureAwait(false), Json)!;
    }

    public Task WriteAsync(LabFolder folder, CancellationToken cancel) => File.WriteAllTextAsync(folder.Card, JsonSerializer.Serialize(this, Json), cancel);
}
