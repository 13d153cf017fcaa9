using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TestService.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.DevServer.Schedules;

/// <summary>Schedules outlive the server, catch up, and keep their time over long spans.</summary>
public sealed class DurableScheduleTests : IDisposable
{
    private const int Many = 1000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_fell_due_while_the_server_was_away_is_caught_up_or_counted_as_missed()
    {
        DateTime created;
        await using (EmbeddedServer server = await StartAsync())
        {
            TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
            await CreateAsync(client, "patient", new SchedulePolicy { Overlap = ScheduleOverlapPolicy.AllowAll });
            created = (await client.GetScheduleHandle("patient").DescribeAsync()).Info.CreatedAt;
        }

        await Eventually.HoldsAsync(() => DateTime.UtcNow.ShouldBeGreaterThan(created.AddSeconds(4)));

        await using EmbeddedServer again = await StartAsync();
        TemporalClient later = await TemporalClient.ConnectAsync(new(again.Address));
        await Eventually.HoldsAsync(async () => (await later.GetScheduleHandle("patient").DescribeAsync()).Info.NumActions.ShouldBeGreaterThanOrEqualTo(3));
        var recent = (await later.GetScheduleHandle("patient").DescribeAsync()).Info.RecentActions.ToList();
        recent.Zip(recent.Skip(1)).ShouldAllBe(p => p.Second.ScheduledAt - p.First.ScheduledAt == TimeSpan.FromSeconds(1));
        recent[0].ScheduledAt.ShouldBeLessThan(created.AddSeconds(2));
    }

    [Fact]
    public async Task A_day_of_a_thousand_schedules_and_timers_passes_without_drift_or_loss()
    {
        await using EmbeddedServer server = await EmbeddedServer.StartAsync(new() { TimeSkipping = true }, TestContext.Current.CancellationToken);
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
        DateTime end = DateTime.UtcNow.AddHours(24);
        for (int n = 0; n < Many; n++)
            await CreateAsync(client, $"s-{n}", new SchedulePolicy { Overlap = ScheduleOverlapPolicy.AllowAll }, new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(6), TimeSpan.FromSeconds(n))], EndAt = end });
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("day").AddWorkflow<Nap>());
        await worker.ExecuteAsync(async () =>
        {
            WorkflowHandle[] naps = [.. await Task.WhenAll(Enumerable.Range(0, Many).Select(n => client.StartWorkflowAsync((Nap w) => w.RunAsync(n), new($"nap-{n}", "day"))))];
            await client.Connection.TestService.UnlockTimeSkippingAsync(new UnlockTimeSkippingRequest());
            foreach (WorkflowHandle nap in naps)
                (await nap.GetResultAsync<TimeSpan>()).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Eventually.HoldsAsync(async () => (await client.CountWorkflowsAsync("TemporalScheduledById IS NOT NULL")).Count.ShouldBe(4 * Many), TimeSpan.FromMinutes(2));
        });

        await foreach (ScheduleListDescription schedule in client.ListSchedulesAsync())
        {
            List<ScheduleActionResult> actions = [.. schedule.Info!.RecentActions];
            int phase = int.Parse(schedule.Id[2..], System.Globalization.CultureInfo.InvariantCulture);
            actions.Count.ShouldBe(4, schedule.Id);
            actions.ShouldAllBe(a => ((a.ScheduledAt - DateTime.UnixEpoch).TotalSeconds - phase) % TimeSpan.FromHours(6).TotalSeconds == 0);
        }
    }

    private Task<EmbeddedServer> StartAsync() => EmbeddedServer.StartAsync(new() { DatabasePath = _folder.Combine("s.db") }, TestContext.Current.CancellationToken);

    private static Task<ScheduleHandle> CreateAsync(TemporalClient client, string id, SchedulePolicy policy, ScheduleSpec? spec = null) => client.CreateScheduleAsync(
        id,
        new Schedule(ScheduleActionStartWorkflow.Create((Nap w) => w.RunAsync(0), new(id, "day")), spec ?? new ScheduleSpec { Intervals = [new(TimeSpan.FromSeconds(1))] }) { Policy = policy });
}

/// <summary>Sleeps for most of a day and tells how much too long; or not at all.</summary>
[Workflow]
public sealed class Nap
{
    /// <summary>Runs it.</summary>
    [WorkflowRun]
    public async Task<TimeSpan> RunAsync(int number)
    {
        if (number == 0)
            return TimeSpan.Zero;
        DateTime due = Workflow.UtcNow.AddHours(20).AddSeconds(number);
        await Workflow.DelayAsync(due - Workflow.UtcNow);
        return Workflow.UtcNow - due;
    }
}
