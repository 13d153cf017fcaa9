using Google.Protobuf;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Markers, strangers, workflow tasks that fail, retries of whole runs, limits.</summary>
public sealed class EdgeTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public Task Version_and_local_activity_leave_markers() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Marker m) => m.RunAsync("a"), _bench.With());
        (await handle.GetResultAsync()).ShouldBe("A");
        (await Bench.TypesAsync(handle)).Count(t => t == EventType.MarkerRecorded).ShouldBe(2);
    });

    [Fact]
    public Task A_stranger_is_signalled() => _bench.RunAsync(async () =>
    {
        var waiter = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        var outsider = await _bench.Client.StartWorkflowAsync((Outsider o) => o.RunAsync(waiter.Id, false), _bench.With());
        (await outsider.GetResultAsync()).ShouldBe("sent");
        await waiter.GetResultAsync();
        EventType[] types = [.. (await Bench.TypesAsync(outsider)).Where(t => t.ToString().Contains("External", StringComparison.Ordinal))];
        types.ShouldBe([EventType.SignalExternalWorkflowExecutionInitiated, EventType.ExternalWorkflowExecutionSignaled]);
        var signalled = (await Bench.EventsAsync(waiter)).Single(e => e.EventType == EventType.WorkflowExecutionSignaled).WorkflowExecutionSignaledEventAttributes;
        signalled.ExternalWorkflowExecution.WorkflowId.ShouldBe(outsider.Id);
    });

    [Fact]
    public Task A_stranger_is_cancelled() => _bench.RunAsync(async () =>
    {
        var sleeper = await _bench.Client.StartWorkflowAsync((Sleeper s) => s.RunAsync(600_000), _bench.With());
        (await _bench.Client.ExecuteWorkflowAsync((Outsider o) => o.RunAsync(sleeper.Id, true), _bench.With())).ShouldBe("sent");
        (await Should.ThrowAsync<WorkflowFailedException>(sleeper.GetResultAsync())).InnerException.ShouldBeOfType<CanceledFailureException>();
    });

    [Theory]
    [InlineData(false, EventType.SignalExternalWorkflowExecutionFailed)]
    [InlineData(true, EventType.RequestCancelExternalWorkflowExecutionFailed)]
    public Task A_stranger_that_is_not_there_fails_the_call(bool cancel, EventType type) => _bench.RunAsync(async () =>
    {
        var outsider = await _bench.Client.StartWorkflowAsync((Outsider o) => o.RunAsync(RandomId.New("nobody"), cancel), _bench.With());
        await Should.ThrowAsync<WorkflowFailedException>(outsider.GetResultAsync());
        (await Bench.TypesAsync(outsider)).ShouldContain(type);
    });

    [Fact]
    public Task A_workflow_task_that_fails_is_one_event_however_often_it_is_tried_and_goes_on_when_mended() => _bench.RunAsync(async () =>
    {
        string key = RandomId.New("crash");
        var handle = await _bench.Client.StartWorkflowAsync((Crash c) => c.RunAsync(key), _bench.With());
        await Eventually.GetAsync(async () => (await DescribeAsync(handle)).PendingWorkflowTask?.Attempt ?? 0, attempt => attempt >= 3);
        (await Bench.TypesAsync(handle)).Count(t => t == EventType.WorkflowTaskFailed).ShouldBe(1);
        (await Bench.EventsAsync(handle)).Single(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes.Failure.Message.ShouldContain("a bug in the workflow");
        Crash.Mended[key] = true;
        (await handle.GetResultAsync()).ShouldBe("mended");
    });

    [Fact]
    public Task A_run_with_a_retry_policy_is_started_again_with_its_next_attempt() => _bench.RunAsync(async () =>
    {
        var options = _bench.With();
        options.RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromMilliseconds(20), MaximumAttempts = 3 };
        var handle = await _bench.Client.StartWorkflowAsync((Later l) => l.RunAsync(3), options);
        (await handle.GetResultAsync()).ShouldBe(3);
        var started = (await Bench.EventsAsync(_bench.Client.GetWorkflowHandle(handle.Id)))[0].WorkflowExecutionStartedEventAttributes;
        started.Attempt.ShouldBe(3);
        started.FirstExecutionRunId.ShouldBe(handle.ResultRunId);
    });

    [Fact]
    public Task A_cancelled_activity_hears_it_by_its_heartbeat() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Canceller c) => c.RunAsync(), _bench.With());
        (await handle.GetResultAsync()).ShouldBe("cancelled");
        (await Bench.TypesAsync(handle)).ShouldContain(EventType.ActivityTaskCancelRequested);
        (await Bench.TypesAsync(handle)).ShouldContain(EventType.ActivityTaskCanceled);
    });

    [Fact]
    public Task An_activity_is_completed_from_outside_by_its_ids() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Doer d) => d.RunAsync("CompleteLater", "x", 1, 30_000, 0), _bench.With());
        string id = (await Eventually.GetAsync(async () => (await DescribeAsync(handle)).PendingActivities, p => p.Count == 1 && p[0].State == PendingActivityState.Started))[0].ActivityId;
        await _bench.Client.GetAsyncActivityHandle(handle.Id, handle.ResultRunId!, id).CompleteAsync("from outside");
        (await handle.GetResultAsync()).ShouldBe("from outside");
    });

    [Fact]
    public Task Pending_children_are_described() => _bench.RunAsync(async () =>
    {
        string child = RandomId.New("child");
        var handle = await _bench.Client.StartWorkflowAsync((Parent p) => p.RunAsync(child, "Terminate", true), _bench.With());
        await handle.GetResultAsync();
        (await DescribeAsync(handle)).PendingChildren.ShouldBeEmpty();
    });

    [Fact]
    public async Task A_task_that_nobody_takes_is_described_as_scheduled()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        var pending = (await DescribeAsync(handle)).PendingWorkflowTask;
        pending.State.ShouldBe(PendingWorkflowTaskState.Scheduled);
        pending.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task An_execution_timeout_ends_the_run()
    {
        var options = _bench.With();
        options.ExecutionTimeout = TimeSpan.FromMilliseconds(300);
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), options);
        (await Should.ThrowAsync<WorkflowFailedException>(handle.GetResultAsync())).InnerException.ShouldBeOfType<TimeoutFailureException>();
    }

    [Fact]
    public async Task A_payload_over_two_megabytes_is_refused()
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.StartWorkflowExecutionAsync(new()
        {
            Namespace = _bench.Namespace,
            WorkflowId = RandomId.New("wf"),
            RequestId = Guid.NewGuid().ToString(),
            WorkflowType = new() { Name = "Echo" },
            TaskQueue = new() { Name = _bench.Queue },
            Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = ByteString.CopyFrom(new byte[2_200_000]) } } },
        }));
        failure.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_workflow_id_over_a_thousand_characters_is_refused() =>
        (await Should.ThrowAsync<RpcException>(_bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With(new string('x', 1001))))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);

    [Fact]
    public async Task An_unknown_namespace_is_not_found()
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.StartWorkflowExecutionAsync(new()
        {
            Namespace = RandomId.New("nowhere"),
            WorkflowId = "x",
            RequestId = "r",
            WorkflowType = new() { Name = "Echo" },
            TaskQueue = new() { Name = "q" },
        }));
        failure.Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    [Fact]
    public async Task A_signal_without_a_name_is_invalid()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        (await Should.ThrowAsync<RpcException>(_bench.Client.GetWorkflowHandle(handle.Id).SignalAsync("", []))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_cancel_request_is_one_however_often_it_is_made()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        await handle.CancelAsync();
        await handle.CancelAsync();
        (await Bench.TypesAsync(handle)).Count(t => t == EventType.WorkflowExecutionCancelRequested).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancel_request_of_an_unknown_id_is_not_found() =>
        (await Should.ThrowAsync<RpcException>(_bench.Client.GetWorkflowHandle(RandomId.New("nobody")).CancelAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound);

    [Fact]
    public async Task An_update_of_an_unknown_id_is_not_found() =>
        (await Should.ThrowAsync<RpcException>(_bench.Client.GetWorkflowHandle(RandomId.New("nobody")).ExecuteUpdateAsync("x", []))).Code.ShouldBe(RpcException.StatusCode.NotFound);

    [Fact]
    public async Task The_system_tells_the_capabilities_the_sdk_relies_on()
    {
        var info = await _bench.Client.WorkflowService.GetSystemInfoAsync(new());
        info.ServerVersion.ShouldNotBeEmpty();
        info.Capabilities.SignalAndQueryHeader.ShouldBeTrue();
        info.Capabilities.ActivityFailureIncludeHeartbeat.ShouldBeTrue();
        info.Capabilities.EncodedFailureAttributes.ShouldBeTrue();
        info.Capabilities.SdkMetadata.ShouldBeTrue();
    }

    [Fact]
    public async Task The_cluster_tells_its_id_and_version()
    {
        var info = await _bench.Client.WorkflowService.GetClusterInfoAsync(new());
        info.ServerVersion.ShouldNotBeEmpty();
        info.ClusterId.ShouldNotBeEmpty();
    }

    [Fact]
    public Task A_worker_that_comes_later_finds_what_waited() => Task.Run(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("waited"), _bench.With());
        await _bench.RunAsync(async () => (await handle.GetResultAsync()).ShouldBe("waited"));
    });

    [Fact]
    public Task A_cache_of_one_run_changes_nothing() => Task.Run(async () =>
    {
        using var worker = new Temporalio.Worker.TemporalWorker(_bench.Client, Small());
        await worker.ExecuteAsync(async () =>
        {
            var handles = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With())));
            foreach (var handle in handles)
                await handle.SignalAsync(w => w.SayAsync("a"));
            foreach (var handle in handles)
                (await handle.QueryAsync(w => w.Words())).ShouldBe("a");
            await Task.WhenAll(handles.Select(h => h.SignalAsync(w => w.EndAsync())));
            (await Task.WhenAll(handles.Select(h => h.GetResultAsync()))).ShouldAllBe(r => r == "a");
        });
    });

    private Temporalio.Worker.TemporalWorkerOptions Small()
    {
        var options = _bench.Options();
        options.MaxCachedWorkflows = 1;
        options.MaxConcurrentWorkflowTasks = 2;
        options.MaxConcurrentWorkflowTaskPolls = 2;
        return options;
    }

    private Task<Temporalio.Api.WorkflowService.V1.DescribeWorkflowExecutionResponse> DescribeAsync(WorkflowHandle handle) =>
        _bench.Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = _bench.Namespace, Execution = new() { WorkflowId = handle.Id } });
}
