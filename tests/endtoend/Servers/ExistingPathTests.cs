using System.Diagnostics;
using Rotation.Tests.EndToEnd.Crashes;
using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.EndToEnd.Servers;

/// <summary>Any .NET test may use our executable where Temporal's SDK would download a server.</summary>
public sealed class ExistingPathTests
{
    // The SDK's own limit is five seconds, which a busy machine exceeds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_local_environment_runs_on_our_server()
    {
        await using WorkflowEnvironment environment = await WorkflowEnvironment.StartLocalAsync(new() { Namespace = "mine", DevServerOptions = new() { ExistingPath = RotationProcess.Executable, StartupTimeout = Patience } });
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("local").AddWorkflow<Ledger>().AddActivity(Scribe.Write));

        await worker.ExecuteAsync(async () =>
        {
            WorkflowHandle<Ledger, List<string>> handle = await environment.Client.StartWorkflowAsync((Ledger l) => l.RunAsync(), new("one", "local"));
            await handle.SignalAsync(l => l.TellAsync("word"));
            await handle.SignalAsync(l => l.EndAsync());
            (await handle.GetResultAsync()).ShouldBe(["word"]);
        });

        environment.Client.Options.Namespace.ShouldBe("mine");
    }

    [Fact]
    public async Task The_time_skipping_environment_skips_time_on_our_server()
    {
        await using WorkflowEnvironment environment = await WorkflowEnvironment.StartTimeSkippingAsync(new() { TestServer = new() { ExistingPath = RotationProcess.Executable, StartupTimeout = Patience } });
        environment.SupportsTimeSkipping.ShouldBeTrue();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("skip").AddWorkflow<Month>());
        var watch = Stopwatch.StartNew();

        await worker.ExecuteAsync(async () =>
        {
            DateTime end = await environment.Client.ExecuteWorkflowAsync((Month m) => m.RunAsync(), new("month", "skip"));
            end.ShouldBeGreaterThan(DateTime.UtcNow.AddDays(29));
            await environment.DelayAsync(TimeSpan.FromDays(1));
            (await environment.GetCurrentTimeAsync()).ShouldBeGreaterThan(end.AddHours(23));
        });

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}

/// <summary>Waits a month.</summary>
[Workflow]
public sealed class Month
{
    /// <summary>Runs it; the time at its end.</summary>
    [WorkflowRun]
    public async Task<DateTime> RunAsync()
    {
        await Workflow.DelayAsync(TimeSpan.FromDays(30));
        return Workflow.UtcNow;
    }
}
