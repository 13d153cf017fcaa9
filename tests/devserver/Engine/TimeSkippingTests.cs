using System.Diagnostics;
using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.TestService.V1;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

[Workflow]
public sealed class Patient
{
    [WorkflowRun]
    public async Task<DateTime> RunAsync()
    {
        await Workflow.DelayAsync(TimeSpan.FromHours(72));
        await Workflow.ExecuteActivityAsync(() => Work.DoubleAsync(1), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        await Workflow.DelayAsync(TimeSpan.FromDays(30));
        return Workflow.UtcNow;
    }
}

public sealed class TimeSkippingTests(SkippingFixture temporal) : IClassFixture<SkippingFixture>
{
    [Fact]
    public async Task Weeks_pass_in_seconds_once_time_is_unlocked()
    {
        var queue = RandomId.New("queue");
        using var worker = new TemporalWorker(temporal.Client, new TemporalWorkerOptions(queue).AddWorkflow<Patient>().AddAllActivities(typeof(Work), null));
        var watch = Stopwatch.StartNew();
        await worker.ExecuteAsync(async () =>
        {
            var end = await temporal.SkipAsync(() => temporal.Client.ExecuteWorkflowAsync((Patient w) => w.RunAsync(), new(RandomId.New("run"), queue)));
            end.ShouldBeGreaterThan(DateTime.UtcNow.AddDays(32));
            (await temporal.NowAsync()).ShouldBeGreaterThanOrEqualTo(end);
        });
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_locked_clock_keeps_real_time()
    {
        await using var server = await EmbeddedServer.StartAsync(new() { TimeSkipping = true }, CancellationToken.None);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        await client.Connection.TestService.SleepAsync(new SleepRequest { Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50)) });
        var now = await client.Connection.TestService.GetCurrentTimeAsync(new Google.Protobuf.WellKnownTypes.Empty());
        now.Time.ToDateTime().ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_sleep_that_unlocks_the_clock_stops_it_where_it_was_told_to_and_not_at_what_is_due_next()
    {
        await using var server = await EmbeddedServer.StartAsync(new() { TimeSkipping = true }, CancellationToken.None);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        var queue = RandomId.New("queue");
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue).AddWorkflow<Patient>().AddAllActivities(typeof(Work), null));
        await worker.ExecuteAsync(async () =>
        {
            var handle = await client.StartWorkflowAsync((Patient w) => w.RunAsync(), new(RandomId.New("run"), queue));
            for (int hours = 1; hours <= 10; hours++)
            {
                await client.Connection.TestService.UnlockTimeSkippingWithSleepAsync(new SleepRequest { Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromHours(1)) });
                var now = await client.Connection.TestService.GetCurrentTimeAsync(new Google.Protobuf.WellKnownTypes.Empty());
                now.Time.ToDateTime().ShouldBe(DateTime.UtcNow.AddHours(hours), TimeSpan.FromMinutes(5));
            }

            await handle.TerminateAsync();
        });
    }
}
