using Rotation.Lab;
using Rotation.Lab.Invariants;
using Rotation.Tests.Lab.Activities;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Rotation.Tests.Lab.Rolls;

/// <summary>A lab whose nodes all need the update, and a worker with the real workflows and activities of a rolling update on it.</summary>
internal sealed class RollRun : IAsyncDisposable
{
    private readonly string _queue = RandomId.New("queue");
    private readonly ITemporalClient _client;
    private readonly HandActivities _activities;
    private readonly RunningWorker _worker;

    private RollRun(RollServer server, LabRun run)
    {
        (_client, Run, _activities) = (server.Typed, run, new HandActivities(run));
        var options = new TemporalWorkerOptions(_queue).AddWorkflow<RollCluster>().AddWorkflow<RollInstanceGroup>().AddAllActivities(_activities.Nodes);
        _worker = new(_client, options);
        Began = run.Lab.Events[^1].Sequence;
        Old = [.. run.Lab.GetStatus().Nodes.Select(n => n.Id)];
    }

    public LabRun Run { get; }

    public LabCluster Lab => Run.Lab;

    /// <summary>Instances from before.</summary>
    public IReadOnlyList<string> Old { get; }

    /// <summary>Of those, the workers.</summary>
    public IReadOnlyList<string> OldWorkers => [.. Old.Where(o => !Lab.Events.Any(e => e.Kind == LabEvents.ApiServing && e.Instance == o))];

    private long Began { get; }

    public static async Task<RollRun> StartAsync(RollServer server, int controlPlane = 1, int workers = 3, double speed = 400)
    {
        LabRun run = await LabRun.StartAsync(controlPlane, workers, speed);
        run.Kops.Stage("etcd-clients-ca", "kubernetes-ca");
        run.Kops.Update();
        await run.UntilAsync(s => s.Nodes.All(n => n.NeedsUpdate), "not every node needs the update");
        return new(server, run);
    }

    /// <summary>Starts the roll of the nodes of a role; as a rotation's, so that it holds no lock and fails instead of asking.</summary>
    public Task<WorkflowHandle<RollCluster, RollResult>> BeginAsync(RollOptions roll, params string[] roles)
    {
        var request = new RollClusterRequest { Cluster = HandKops.ClusterName, Roles = roles, Rotation = "rotation-1", Roll = roll };
        return _client.StartWorkflowAsync((RollCluster w) => w.RunAsync(request), new(RandomId.New("roll"), _queue));
    }

    /// <summary>Rolls and returns the result of one that ends well.</summary>
    public async Task<RollResult> RollAsync(RollOptions roll, params string[] roles) => await (await BeginAsync(roll, roles)).GetResultAsync();

    /// <summary>The failure that a roll ends with, and what it had done by then.</summary>
    public async Task<(ApplicationFailureException Failure, RollResult Done)> FailAsync(WorkflowHandle<RollCluster, RollResult> roll)
    {
        var failed = await Should.ThrowAsync<WorkflowFailedException>(() => roll.GetResultAsync(), Run.Describe());
        var failure = failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
        return (failure, failure.Details.ElementAt<RollResult>(0)!);
    }

    /// <summary>Instances whose end the lab saw, in order.</summary>
    public IReadOnlyList<string> Ended => [.. Since(LabEvents.InstanceTerminating).Select(e => e.Instance!)];

    /// <summary>Events of a kind since before the roll.</summary>
    public IReadOnlyList<LabEvent> Since(string kind) => [.. Lab.Events.Where(e => e.Sequence > Began && e.Kind == kind)];

    /// <summary>Waits for the first event of a kind since before the roll.</summary>
    public async Task<LabEvent> SeesAsync(string kind, string otherwise, Func<LabEvent, bool>? which = null)
    {
        await Run.UntilAsync(_ => Since(kind).Any(e => which?.Invoke(e) != false), otherwise);
        return Since(kind).First(e => which?.Invoke(e) != false);
    }

    /// <summary>Every node of a role was replaced, each once; nothing of the roll is left on those that serve.</summary>
    public async Task IsWholeAsync(IReadOnlyList<string> replaced)
    {
        await Run.UntilAsync(s => s.Ready && s.Nodes.All(n => !replaced.Contains(n.Id)), "the cluster is not whole");
        foreach (string id in replaced)
            Ended.Count(e => e == id).ShouldBe(1, Run.Describe());
        Ended.ShouldBe(replaced, ignoreOrder: true, Run.Describe());
        Lab.GetStatus().Nodes.Count.ShouldBe(Old.Count);
        await IsGivenBackAsync();
    }

    /// <summary>No node is cordoned, tainted by the roll or held from scale-down.</summary>
    public async Task IsGivenBackAsync()
    {
        foreach (var node in await _activities.Kubernetes.NodesAsync(HandActivities.Ref, CancellationToken.None))
        {
            (node.Spec.Unschedulable ?? false).ShouldBeFalse(node.Metadata.Name);
            (node.Spec.Taints ?? []).ShouldNotContain(t => t.Key == "kops.k8s.io/scheduled-for-update", node.Metadata.Name);
            (node.Metadata.Annotations ?? new Dictionary<string, string>()).Keys.ShouldNotContain("rotation/holds-scale-down", node.Metadata.Name);
        }
    }

    /// <summary>Never more away than that many of the workers, and one of the control plane; no budget of pods broken.</summary>
    public void KeptItsLimits(int budget) => RollChecker.Check(Lab.Events, Began, new RollLimits
    {
        OtherGroups = budget,
        Budget = budget,
        ControlPlaneGroups = [.. Run.Kops.Groups.Where(g => g.ControlPlane).Select(g => g.Name)],
    }).ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _activities.Dispose();
        await Run.DisposeAsync();
    }
}
