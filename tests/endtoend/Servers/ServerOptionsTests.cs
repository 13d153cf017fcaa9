using System.Text.Json;
using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.EndToEnd.Servers;

/// <summary><c>rotation server</c> as its users start and stop it.</summary>
public sealed class ServerOptionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_the_attributes_asked_for_serves_metrics_logs_json_and_stops_when_asked()
    {
        await using var pen = new ProcessPen();
        RotationProcess server = pen.Start("server", ["server", "start-dev", "--port", "0", "--json", "--metrics-port", "0", "--search-attribute", "Site=Keyword", "--log-format", "json", "--log-level", "info"]);
        await server.SaysAsync("\"metrics\"", TimeSpan.FromMinutes(1));
        using JsonDocument ready = JsonDocument.Parse(server.Output);
        TemporalClient client = await TemporalClient.ConnectAsync(new(ready.RootElement.GetProperty("address").GetString()!));
        using var http = new HttpClient();

        (await client.Connection.OperatorService.ListSearchAttributesAsync(new() { Namespace = "default" })).CustomAttributes["Site"].ShouldBe(IndexedValueType.Keyword);
        (await http.GetStringAsync(new Uri($"http://{ready.RootElement.GetProperty("metrics").GetString()}/metrics"), Cancellation)).ShouldContain("rotation_server_calls_total");
        server.Signal("TERM");

        await server.EndAsync();
        string[] lines = server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("EventId").GetInt32()).ShouldBe([4201, 4202]);
    }

    [Theory]
    [InlineData("127.0.0.1 only", "--ip", "0.0.0.0")]
    [InlineData("Name=Type", "--search-attribute", "Site")]
    [InlineData("cannot be of the type", "--search-attribute", "Site=Colour")]
    [InlineData("one of", "--log-level", "loud")]
    public async Task What_it_cannot_do_is_refused_with_words(string words, params string[] arguments)
    {
        await using var pen = new ProcessPen();
        RotationProcess server = pen.Start("server", ["server", "--port", "0", .. arguments]);

        (await server.EndAsync()).ShouldNotBe(0);

        server.Errors.ShouldContain(words);
    }
}
