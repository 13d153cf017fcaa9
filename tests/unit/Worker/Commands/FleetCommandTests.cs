using System.Text.Json;
using Rotation.Activities.Fleet;
using Rotation.DevServer;
using Rotation.Tests.Support;
using Rotation.Worker.Commands;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;
using Flow = Temporalio.Workflows.Workflow;

namespace Rotation.Tests.Unit.Worker.Commands;

/// <summary>A rotation that is at work until it is cancelled.</summary>
[Workflow("RotateKeypairs")]
public sealed class EndlessRotation
{
    [WorkflowRun]
    public Task RunAsync(RotateKeypairsRequest request) => Flow.WaitConditionAsync(() => false);
}

/// <summary><c>rotation fleet</c> with a worker in this process.</summary>
public sealed class FleetCommandTests
{
    [Fact]
    public async Task A_fleet_shows_a_row_for_each_cluster_and_can_be_stopped()
    {
        await using EmbeddedServer server = await EmbeddedServer.StartAsync(new(), CancellationToken.None);
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address) { DataConverter = RotationDataConverter.Plain });
        await SetupCommand.RegisterAsync(client, CancellationToken.None);
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(TaskQueues.Rotation).AddWorkflow<RotateFleet>().AddWorkflow<EndlessRotation>().AddAllActivities(new FleetActivities()));
        await worker.ExecuteAsync(async () =>
        {
            (await RunAsync(server, "start", "fleet", "--clusters", "a.example.com,b.example.com", "--id", "fleet-1")).Code.ShouldBe(0);
            JsonElement status = await Eventually.GetAsync(async () => JsonDocument.Parse((await RunAsync(server, "fleet", "status", "fleet-1", "--json")).Output).RootElement, s => s.GetProperty("counts").TryGetProperty("running", out _));
            status.GetProperty("clusters")[0].GetProperty("rotation").GetString().ShouldBe("fleet-1-a.example.com");
            (await RunAsync(server, "fleet", "status", "fleet-1")).Output.ShouldContain("1 pending, 1 running");
            (await RunAsync(server, "list", "--json")).Output.ShouldContain("\"fleet-1\"");

            (int code, string output, string errors) = await RunAsync(server, "fleet", "stop", "fleet-1", "--rotations", "cancel", "--as", "ann", "-m", "incident 4711");

            code.ShouldBe(0, errors);
            output.ShouldContain("1 running, 1 skipped");
            (await Eventually.GetAsync(() => RunAsync(server, "fleet", "status", "fleet-1"), s => s.Code == ExitCode.Failed)).Output.ShouldContain("stopped by ann: incident 4711");
        });
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(EmbeddedServer server, params string[] line)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await CommandLine.RunAsync([.. line, "--address", server.Address], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
