using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Faults;

/// <summary>The lab's own JSON, as another process sees it.</summary>
public sealed class ControlEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_are_set_listed_and_cleared_over_http()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var http = new HttpClient { BaseAddress = run.Lab.ControlEndpoint };

        using var set = await http.PostAsJsonAsync("faults", new { kind = "slowBoot", target = "nodes-0", value = 3 }, Cancel);
        var id = (await set.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString();
        var listed = await http.GetFromJsonAsync<JsonElement>("faults", Cancel);
        using var cleared = await http.DeleteAsync($"faults/{id}", Cancel);
        using var again = await http.DeleteAsync($"faults/{id}", Cancel);

        set.StatusCode.ShouldBe(HttpStatusCode.Created);
        listed.EnumerateArray().ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe("SlowBoot");
        (cleared.StatusCode, again.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotFound));
        run.Lab.GetStatus().Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"kind":"NeverJoins","target":"no-such-group"}""", "cannot hit 'no-such-group'")]
    [InlineData("""{"kind":"InstanceVanishes"}""", "needs an instance")]
    [InlineData("""{"kind":"ApiErrorRate","value":2}""", "a share from 0 to 1")]
    [InlineData("""{"kind":"AwsThrottling","target":"nodes-0"}""", "cannot hit 'nodes-0'")]
    [InlineData("""{"kind":"Earthquake"}""", "NeverJoins, SlowBoot")]
    public async Task A_fault_that_makes_no_sense_is_refused_in_words(string fault, string words)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var http = new HttpClient { BaseAddress = run.Lab.ControlEndpoint };

        using var body = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("faults", body, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error").GetString()!.ShouldContain(words);
    }

    [Fact]
    public async Task Status_and_events_are_read_over_http()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var http = new HttpClient { BaseAddress = run.Lab.ControlEndpoint };

        var status = await http.GetFromJsonAsync<LabStatus>("status", Cancel);
        var events = await http.GetFromJsonAsync<LabEvent[]>("events", Cancel);
        var later = await http.GetFromJsonAsync<LabEvent[]>($"events?after={events!.Length}", Cancel);

        status!.Ready.ShouldBeTrue();
        status.Nodes.Count.ShouldBe(2);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Length).Select(n => (long)n));
        later!.ShouldAllBe(e => e.Sequence > events.Length);
    }
}
