using System.Text.Json;
using Rotation.DevServer;
using Rotation.Worker.Commands;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Commands;

/// <summary>The commands in this process, against an embedded server without a worker.</summary>
public sealed class FleetAndScheduleCommandTests : IAsyncLifetime
{
    private const string Policy = """{"fleet":{"clusters":[{"cluster":"a.example.com"}],"window":{"timeZone":"Europe/Berlin","windows":[{"from":"01:00","to":"05:00"}]}},"due":{"maxAgeDays":90}}""";
    private EmbeddedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EmbeddedServer.StartAsync(new(), CancellationToken.None);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("start fleet", "clusters: is required")]
    [InlineData("start fleet --clusters a.example.com,B", "clusters[1].cluster: 'B' is not a DNS name")]
    [InlineData("start fleet --clusters a.example.com --at-once 0", "atOnce: 0 is not between 1 and 200")]
    [InlineData("start fleet --clusters a.example.com --on-failure explode", "onFailure: \"explode\" is not one of stop, continue")]
    [InlineData("start fleet --input {\"clusters\":[{\"cluster\":\"a.example.com\"}],\"request\":{\"keysetz\":[]}}", "request.keysetz: unknown field")]
    [InlineData("start fleet --input {\"clusters\":[{\"cluster\":\"a.example.com\"}],\"window\":{\"timeZone\":\"Mars\"}}", "window.timeZone: 'Mars' is not a time zone")]
    [InlineData("fleet", "command was not provided")]
    [InlineData("fleet stop f --rotations explode", "--rotations is 'explode'")]
    [InlineData("schedule", "command was not provided")]
    [InlineData("schedule create", "either --cron or --every")]
    [InlineData("schedule create p", "either --cron or --every")]
    [InlineData("schedule create p --every 1h --cron x", "either --cron or --every")]
    [InlineData("schedule create p --every 1h", "fleet.clusters: is required")]
    [InlineData("schedule create p --every 1s --input {\"fleet\":{\"clusters\":[{\"cluster\":\"a.example.com\"}]}}", "--every: at least 1m")]
    [InlineData("schedule create p --every often", "--every is 'often'")]
    [InlineData("schedule create p --every 1h --input {\"fleet\":{\"clusters\":[{\"cluster\":\"a.example.com\"}]},\"due\":{\"maxAgeDays\":-1}}", "due.maxAgeDays: -1 is not between")]
    [InlineData("schedule create p --cron x --time-zone Mars --input {\"fleet\":{\"clusters\":[{\"cluster\":\"a.example.com\"}]}}", "--time-zone: 'Mars' is not a time zone")]
    [InlineData("schedule pause", "argument")]
    public async Task Wrong_input_is_exit_code_2_and_names_the_field(string line, string names)
    {
        (int code, string output, string errors) = await RunAsync(line.Split(' '));

        code.ShouldBe(2, errors);
        errors.ShouldContain(names);
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schedule_is_created_listed_described_paused_resumed_triggered_and_deleted()
    {
        (int created, string text, string said) = await RunAsync("schedule", "create", "prod", "--input", Policy, "--cron", "30 2 * * *", "--jitter", "10m", "--note", "yearly");
        created.ShouldBe(0, said);
        text.ShouldContain("30 2 * * * (Europe/Berlin)");
        (await RunAsync("schedule", "create", "prod", "--input", Policy, "--every", "24h")).Code.ShouldBe(3);

        JsonElement row = (await JsonAsync("schedule", "list")).EnumerateArray().Single();
        row.GetProperty("name").GetString().ShouldBe("prod");
        row.GetProperty("when").GetString().ShouldBe("30 2 * * * (Europe/Berlin)");
        row.GetProperty("paused").GetBoolean().ShouldBeFalse();

        (await RunAsync("schedule", "pause", "prod", "-m", "incident 4711")).Code.ShouldBe(0);
        JsonElement paused = await JsonAsync("schedule", "describe", "prod");
        paused.GetProperty("paused").GetBoolean().ShouldBeTrue();
        paused.GetProperty("note").GetString()!.ShouldEndWith(": incident 4711");
        (paused.GetProperty("jitter").GetString(), paused.GetProperty("catchUp").GetString(), paused.GetProperty("pauseOnFailure").GetBoolean()).ShouldBe(("10m", "10m", true));
        paused.GetProperty("policy").GetProperty("due").GetProperty("maxAgeDays").GetInt32().ShouldBe(90);
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        foreach (JsonElement next in paused.GetProperty("next").EnumerateArray())
            (TimeZoneInfo.ConvertTime(next.GetDateTimeOffset(), berlin).TimeOfDay - new TimeSpan(2, 30, 0)).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(10));

        (await RunAsync("schedule", "resume", "prod")).Code.ShouldBe(0);
        (await RunAsync("schedule", "trigger", "prod")).Code.ShouldBe(0);
        JsonElement running = await JsonAsync("schedule", "describe", "prod");
        running.GetProperty("paused").GetBoolean().ShouldBeFalse();
        string policy = running.GetProperty("running").EnumerateArray().Single().GetString()!;
        policy.ShouldStartWith("policy-prod-");
        (await RunAsync("schedule", "delete", "prod", "--yes")).Code.ShouldBe(0);
        (await RunAsync("schedule", "describe", "prod")).ShouldSatisfyAllConditions(d => d.Code.ShouldBe(1), d => d.Errors.ShouldContain("There is no schedule 'prod'"));
        (await RunAsync("schedule", "list")).Output.ShouldContain("There is none. Create one with");
    }

    [Fact]
    public async Task A_cron_line_that_the_server_does_not_understand_is_exit_code_2()
    {
        (int code, _, string errors) = await RunAsync("schedule", "create", "prod", "--input", Policy, "--cron", "at noon");

        code.ShouldBe(2, errors);
        errors.ShouldContain("--cron");
    }

    [Fact]
    public async Task A_schedule_that_starts_something_else_is_not_touched()
    {
        TemporalClient client = await TemporalClient.ConnectAsync(new(_server.Address));
        await client.CreateScheduleAsync("theirs", new(Temporalio.Client.Schedules.ScheduleActionStartWorkflow.Create("Theirs", [], new("theirs", "queue")), new()));

        (await RunAsync("schedule", "delete", "theirs", "--yes")).Code.ShouldBe(3);
        (await JsonAsync("schedule", "list")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_fleet_is_started_with_its_input_and_listed()
    {
        JsonElement started = await JsonAsync("start", "fleet", "--clusters", "a.example.com,b.example.com", "--at-once", "2", "--id", "fleet-1", "--as", "ann");

        started.GetProperty("id").GetString().ShouldBe("fleet-1");
        TemporalClient client = await TemporalClient.ConnectAsync(new(_server.Address));
        string input = (await client.GetWorkflowHandle("fleet-1").FetchHistoryAsync()).Events.First().WorkflowExecutionStartedEventAttributes.Input.Payloads_[0].Data.ToStringUtf8();
        input.ShouldContain("\"requestedBy\":\"ann\"");
        input.ShouldContain("\"atOnce\":2");
        (await RunAsync("start", "fleet", "--clusters", "a.example.com", "--id", "fleet-1")).Code.ShouldBe(3);
    }

    [Fact]
    public async Task A_fleet_without_a_worker_cannot_be_asked_and_says_how_to_start_one()
    {
        await JsonAsync("start", "fleet", "--clusters", "a.example.com", "--id", "fleet-2");

        (int code, _, string errors) = await RunAsync("fleet", "status", "fleet-2");

        code.ShouldBe(5, errors);
        errors.ShouldContain("rotation worker");
    }

    private async Task<JsonElement> JsonAsync(params string[] line)
    {
        (int code, string output, string errors) = await RunAsync([.. line, "--json"]);
        code.ShouldBe(0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] line)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        bool asks = line.Length > 2 || line is ["schedule", "list"];
        int code = await CommandLine.RunAsync(asks ? [.. line, "--address", _server.Address] : line, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
