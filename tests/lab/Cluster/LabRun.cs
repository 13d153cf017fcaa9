using System.Globalization;
using Rotation.Lab;
using Rotation.Lab.Probes;
using Rotation.Tests.Support;
using Shouldly;

namespace Rotation.Tests.Lab.Cluster;

/// <summary>A lab with probes, and the moves of an operator on it.</summary>
internal sealed class LabRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new();

    private LabRun(HandKops kops, LabCluster lab, ProbeSet probes) => (Kops, Lab, Probes) = (kops, lab, probes);

    public HandKops Kops { get; }

    public LabCluster Lab { get; }

    public ProbeSet Probes { get; }

    public static async Task<LabRun> StartAsync(int controlPlane = 3, int workers = 2, double speed = 400, bool classic = false)
    {
        var kops = new HandKops(controlPlane, workers);
        if (classic)
            kops.UseClassicLoadBalancer();
        kops.Export(kops.Kubeconfig, admin: true);
        using var limit = new CancellationTokenSource(Patience);
        var lab = await LabCluster.StartAsync(Options(kops, speed), limit.Token);
        return new LabRun(kops, lab, StartProbes(lab, kops));
    }

    public static LabOptions Options(HandKops kops, double speed = 400) => new()
    {
        ClusterName = HandKops.ClusterName,
        StateStoreDirectory = kops.Directory,
        Speed = speed,
        Seed = 1,
    };

    /// <summary>Replaces every instance that needs the update, one by one, control plane first, as kOps does.</summary>
    public async Task RollAsync(string? role = null)
    {
        Lab.GetStatus().Nodes.ShouldContain(n => n.NeedsUpdate);
        foreach (var node in Lab.GetStatus().Nodes.Where(n => n.NeedsUpdate && (role is null || n.Role == role)).OrderBy(n => n.Role == "node").ThenBy(n => n.Group, StringComparer.Ordinal))
            await ReplaceAsync(node.Id);
    }

    public async Task ReplaceAsync(string id)
    {
        await TerminateAsync(id);
        await UntilAsync(s => s.Ready && s.Nodes.All(n => n.Id != id), $"{id} was not replaced");
    }

    public async Task TerminateAsync(string id)
    {
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["Action"] = "TerminateInstances", ["Version"] = "2016-11-15", ["InstanceId.1"] = id });
        using var answer = await _http.PostAsync(Lab.AwsEndpoint, body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until each class of probes has made that many more requests.</summary>
    public Task ProbeAsync(int requests = 20) => ProbeAsync(Probes, requests);

    /// <summary>What probes that begin only now see: no request of theirs was on its way before.</summary>
    public async Task<ProbeSnapshot> ProbeFromNowAsync()
    {
        await using var probes = StartProbes(Lab, Kops);
        await ProbeAsync(probes, 20);
        return probes.Snapshot();
    }

    /// <summary>Waits until the lab looks as wanted; says what happened instead when it does not.</summary>
    public async Task UntilAsync(Func<LabStatus, bool> condition, string otherwise)
    {
        try
        {
            await Eventually.GetAsync(() => Task.FromResult(Lab.GetStatus()), condition, Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{otherwise}\n{Describe()}", e);
        }
    }

    /// <summary>Waits for an event that satisfies a condition.</summary>
    public async Task<LabEvent> SeesAsync(Func<LabEvent, bool> condition, string otherwise)
    {
        await UntilAsync(_ => Lab.Events.Any(condition), otherwise);
        return Lab.Events.First(condition);
    }

    /// <summary>What failed and what happened, for the message of a failing test.</summary>
    public string Describe() => string.Join('\n', Probes.Snapshot().Failures.Where(f => f.Class != ProbeClasses.OldAdmin).Take(20)
        .Select(f => f.ToString()).Concat(Lab.Events.TakeLast(60).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.At:HH:mm:ss.fff} {e.Kind} {e.Instance} {e.Group} {e.Pod} {e.Detail}"))).Concat(Lab.GetStatus().Broken));

    public async ValueTask DisposeAsync()
    {
        await Probes.DisposeAsync();
        await Lab.DisposeAsync();
        Lab.GetStatus().Broken.ShouldBeEmpty();
        Kops.Dispose();
        _http.Dispose();
    }

    private static ProbeSet StartProbes(LabCluster lab, HandKops kops) => ProbeSet.Start(lab, kops.Kubeconfig, requestsPerSecond: 20);

    private async Task ProbeAsync(ProbeSet probes, int requests)
    {
        var before = probes.Snapshot().Classes.ToDictionary(c => c.Class, c => c.Requests);
        await UntilAsync(_ => probes.Snapshot().Classes.All(c => c.Requests >= before[c.Class] + requests), "the probes stand still");
    }
}
