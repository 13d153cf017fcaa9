using System.Text.Json;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Connection;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.EndToEnd.Schedules;

/// <summary>Server and worker as processes, and a schedule made, triggered and deleted from the command line.</summary>
public sealed class ScheduleProcessTests : IAsyncDisposable
{
    private readonly ProcessPen _pen = new();

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Fact]
    public async Task A_schedule_starts_its_policy_and_a_closed_window_keeps_it_from_rotating()
    {
        string address = await StartAsync();
        const string policy = """{"fleet":{"clusters":[{"cluster":"a.example.com"}],"window":{"timeZone":"Europe/Berlin","blackouts":[{"from":"2000-01-01","to":"2999-12-31"}]}},"due":{"always":true}}""";
        await SucceedsAsync("schedule", "create", "nightly", "--input", policy, "--cron", "30 2 * * *", "--jitter", "1m");

        await SucceedsAsync("schedule", "trigger", "nightly");
        string run = await Eventually.GetAsync(TurnAsync, id => id.Length > 0, TimeSpan.FromMinutes(1));

        ITemporalClient client = await TemporalConnector.OpenAsync(new TemporalAddress(address, "default"), RotationDataConverter.Plain, CancellationToken.None);
        PolicyResult result = await client.GetWorkflowHandle(run).GetResultAsync<PolicyResult>();
        result.Clusters.ShouldHaveSingleItem().Decision.ShouldBe(PolicyDecision.WindowClosed);
        result.Fleet.ShouldBeEmpty();
        await SucceedsAsync("schedule", "delete", "nightly", "--yes");
        JsonDocument.Parse(await SucceedsAsync("schedule", "list", "--json")).RootElement.GetArrayLength().ShouldBe(0);
    }

    private async Task<string> StartAsync()
    {
        string address = $"127.0.0.1:{FreePort.Next()}";
        _pen.Environment["TEMPORAL_ADDRESS"] = address;
        _pen.Environment["Rotation__StateStore"] = $"file://{_pen.PathOf("state")}";
        _pen.Environment["Rotation__WorkDirectory"] = _pen.PathOf("work");
        await _pen.Start("server", "server", "--port", address.Split(':')[1], "--json").SaysAsync("\"address\"");
        await SucceedsAsync("setup");
        await _pen.Start("worker", "worker", "--json").SaysAsync("\"taskQueue\"");
        return address;
    }

    private async Task<string> TurnAsync()
    {
        JsonElement turns = JsonDocument.Parse(await SucceedsAsync("schedule", "describe", "nightly", "--json")).RootElement.GetProperty("recent");
        return turns.GetArrayLength() > 0 ? turns[0].GetProperty("workflowId").GetString()! : "";
    }

    private async Task<string> SucceedsAsync(params string[] line)
    {
        Finished finished = await _pen.RunAsync(line);
        finished.ExitCode.ShouldBe(0, finished.Errors);
        return finished.Output;
    }
}
