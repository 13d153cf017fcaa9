using Rotation.Activities.Fleet;
using Rotation.Activities.Windows;
using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fakes;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Temporalio.Worker.Interceptors;

namespace Rotation.Tests.Workflow;

/// <summary>A cluster of its own, a worker of its own, and the calls of people.</summary>
internal sealed class RotationHarness : IAsyncDisposable
{
    private readonly ITemporalClient _client;
    private readonly string _queue = RandomId.New("queue");
    private readonly TemporalWorkerOptions _options;
    private RunningWorker _worker;

    public RotationHarness(RotationServer server, int controlPlane = 1, int workers = 2, bool ownCertificate = false, bool jwks = false, string? cluster = null, int groups = 1, string kopsVersion = "1.26.6", string group = "nodes", IWorkerInterceptor? interceptor = null)
    {
        _client = server.Typed;
        Cluster = new(cluster ?? $"c{Guid.NewGuid():N}.example.com", controlPlane, workers, groups, group) { ApiHasOwnCertificate = ownCertificate, JwksPublished = jwks, KopsVersion = kopsVersion };
        Before = Cluster.Trust;
        Facts = new(Faults);
        var options = new TemporalWorkerOptions(_queue) { Interceptors = interceptor is null ? [] : [interceptor] };
        foreach (Type type in RotationWorkflows.Types)
            options.AddWorkflow(type);
        options.AddAllActivities(new FakeActivities(Cluster, Faults)).AddAllActivities(new FakeNodeActivities(Cluster, Faults)).AddAllActivities(new FakeSecretActivities(Cluster, Faults)).AddAllActivities(new FakeLockActivities()).AddAllActivities(new FleetActivities()).AddAllActivities(new WindowActivities()).AddAllActivities(Facts);
        _options = options;
        _worker = new(_client, options);
    }

    public TemporalWorker Worker => _worker.Worker;

    public FakeCluster Cluster { get; }

    public FakeFaults Faults { get; } = new();

    public FakeFactActivities Facts { get; }

    /// <summary>Trust as it was at the start.</summary>
    public string Before { get; }

    public RotateKeypairsRequest Auto => new() { Cluster = Cluster.Name, Approvals = new() { Auto = true } };

    public RotateKeypairsRequest Asking => new() { Cluster = Cluster.Name, RequestedBy = "root@example.com" };

    public async Task<WorkflowHandle<RotateKeypairs, RotationResult>> StartAsync(RotateKeypairsRequest request, string? id = null) =>
        await _client.StartWorkflowAsync((RotateKeypairs w) => w.RunAsync(request), new(id ?? RandomId.New("rotation"), _queue));

    public async Task<WorkflowHandle<RotateSecret, RotationResult>> StartAsync(RotateSecretRequest request, string? id = null) =>
        await _client.StartWorkflowAsync((RotateSecret w) => w.RunAsync(request), new(id ?? RandomId.New("secret"), _queue));

    public async Task<WorkflowHandle<LegacyRotation, RotationResult>> StartAsync(LegacyRotationRequest request, string? id = null) =>
        await _client.StartWorkflowAsync((LegacyRotation w) => w.RunAsync(request), new(id ?? RandomId.New("legacy"), _queue));

    /// <summary>Starts a workflow with JSON as a person types it.</summary>
    public async Task<WorkflowHandle> StartRawAsync(string workflow, string json) =>
        await _client.StartWorkflowAsync(workflow, [System.Text.Json.JsonDocument.Parse(json).RootElement], new(RandomId.New("raw"), _queue));

    public async Task<WorkflowHandle<RollCluster, RollResult>> StartRollAsync(RollClusterRequest request, string? id = null) =>
        await _client.StartWorkflowAsync((RollCluster w) => w.RunAsync(request), new(id ?? RandomId.New("roll"), _queue));

    public async Task<WorkflowHandle<RollInstanceGroup, RollResult>> StartGroupAsync(RollInstanceGroupRequest request, string? id = null) =>
        await _client.StartWorkflowAsync((RollInstanceGroup w) => w.RunAsync(request), new(id ?? RandomId.New("group"), _queue));

    public WorkflowHandle Handle(string id) => _client.GetWorkflowHandle(id);

    /// <summary>The first status of a roll that is as wanted.</summary>
    public static Task<RollStatus> RollWhenAsync(WorkflowHandle handle, Func<RollStatus, bool> wanted) =>
        Eventually.GetAsync(() => handle.QueryAsync<RollStatus>("status", []), wanted);

    public static Task<RotationStatus> StatusAsync(WorkflowHandle handle) => handle.QueryAsync<RotationStatus>("status", []);

    /// <summary>The first status that is as wanted.</summary>
    public static Task<RotationStatus> StatusWhenAsync(WorkflowHandle handle, Func<RotationStatus, bool> wanted) =>
        Eventually.GetAsync(() => StatusAsync(handle), wanted);

    public static Task<RotationStatus> AtGateAsync(WorkflowHandle handle, string gate) => StatusWhenAsync(handle, s => s.Gate == gate && s.State == RotationState.AwaitingApproval);

    public static Task<RotationStatus> ApproveAsync(WorkflowHandle handle, string gate, string approver = "ann@example.com") =>
        handle.ExecuteUpdateAsync<RotationStatus>("approve", [new Approval { Gate = gate, Approver = approver, Comment = "fine" }]);

    /// <summary>The result, within four minutes.</summary>
    public static async Task<T> EndOfAsync<TWorkflow, T>(WorkflowHandle<TWorkflow, T> handle)
    {
        await EndedAsync(handle);
        return await handle.GetResultAsync();
    }

    /// <summary>The failure that it ends with, within four minutes.</summary>
    public static async Task<ApplicationFailureException> FailureOfAsync(WorkflowHandle handle)
    {
        await EndedAsync(handle);
        var failed = await Should.ThrowAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        return failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
    }

    private static async Task EndedAsync(WorkflowHandle handle)
    {
        try
        {
            await Eventually.GetAsync(async () => (await handle.DescribeAsync()).Status, s => s != WorkflowExecutionStatus.Running, TimeSpan.FromMinutes(4));
        }
        catch (TimeoutException e)
        {
            var events = (await handle.FetchHistoryAsync()).Events;
            throw new TimeoutException($"{handle.Id} does not end; its last events:\n{string.Join('\n', events.TakeLast(25))}", e);
        }
    }

    /// <summary>Waits for each gate and opens it.</summary>
    public static async Task ApproveAllAsync(WorkflowHandle handle, params string[] gates)
    {
        foreach (string gate in gates)
        {
            await AtGateAsync(handle, gate);
            await ApproveAsync(handle, gate);
        }
    }

    /// <summary>Stops the worker as an upgrade does, in the middle of whatever it does, and starts another.</summary>
    public async Task ReplaceWorkerAsync()
    {
        await _worker.DisposeAsync();
        _worker = new(_client, _options);
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();
}
