using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Activities.Notifications;
using Rotation.Tests.Support;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Notifications;

public sealed class NotificationTests : IDisposable
{
    private static readonly Notification GateReached = new()
    {
        Id = "rotate-1/3-promote/gateReached/1",
        Kind = NotificationKind.GateReached,
        Cluster = "prod.example.com",
        WorkflowId = "rotate-1",
        Step = "3-promote",
        Text = "Clients need the \"bundle\" <now> & here",
        SendNext = """{"gate":"3-promote","approver":"YOU"}""",
        ReportHead = "abc",
    };

    private readonly TempFolder _folder = new();
    private readonly HurriedTime _time = new();

    [Fact]
    public async Task A_webhook_gets_the_notification_as_one_json_object()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        NotificationResult result = await SendAsync(receiver, []);

        (string.Join(",", result.Sent), result.Problems.Count).ShouldBe(("ops", 0));
        JsonElement body = JsonDocument.Parse(receiver.Requests.Single().Body).RootElement;
        body.GetProperty("kind").GetString().ShouldBe("gateReached");
        body.GetProperty("text").GetString().ShouldBe(GateReached.Text);
        body.GetProperty("sendNext").GetString().ShouldBe(GateReached.SendNext);
        body.GetProperty("reportHead").GetString().ShouldBe("abc");
        receiver.Requests.Single().Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
    }

    [Fact]
    public async Task Slack_gets_a_text_that_mentions_nobody_and_shows_what_to_send()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        await SendAsync(receiver, new() { ["Format"] = "slack" }, GateReached with { Text = "<!channel> `x`" });

        JsonElement body = JsonDocument.Parse(receiver.Requests.Single().Body).RootElement;
        body.EnumerateObject().Select(p => p.Name).ShouldBe(["text"]);
        string text = body.GetProperty("text").GetString()!;
        text.ShouldStartWith("*prod.example.com* · gate 3-promote waits for approval\n&lt;!channel&gt; 'x'\n");
        text.ShouldContain("""```{"gate":"3-promote","approver":"YOU"}```""");
    }

    [Fact]
    public async Task A_template_is_filled_and_stays_json()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        await SendAsync(receiver, new() { ["Template"] = """{"summary":"{cluster}: {text}","dedup":"{id}","weight":{"step":"{step}"}}""" });

        JsonElement body = JsonDocument.Parse(receiver.Requests.Single().Body).RootElement;
        body.GetProperty("summary").GetString().ShouldBe($"prod.example.com: {GateReached.Text}");
        body.GetProperty("dedup").GetString().ShouldBe(GateReached.Id);
    }

    [Fact]
    public async Task A_receiver_can_tell_who_sent_it_and_whether_it_had_it_before()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        await SendAsync(receiver, new() { ["Authorization:File"] = Secret("auth", "Bearer CANARY-TOKEN"), ["SigningKey:File"] = Secret("key", "signing") });
        await SendAsync(receiver, []);

        Received[] got = [.. receiver.Requests];
        got[0].Headers["Authorization"].ShouldBe("Bearer CANARY-TOKEN");
        got[0].Headers["X-Rotation-Signature"].ShouldBe($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("signing"u8, Encoding.UTF8.GetBytes(got[0].Body)))}");
        got[0].Headers["X-Rotation-Id"].ShouldBe(got[1].Headers["X-Rotation-Id"]);
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_with_growing_waits_or_as_asked()
    {
        await using Receiver receiver = await Receiver.StartAsync(Receiver.Status(503), Receiver.Status(429, ("Retry-After", "7")), Receiver.Status(500), Receiver.Status(429, ("Retry-After", "3600")), Receiver.Status(204));

        NotificationResult result = await SendAsync(receiver, []);

        result.Sent.ShouldBe(["ops"]);
        WaitsOfRetries().ShouldBe([1, 7, 4, 30]);
        receiver.Requests.Select(r => r.Headers["X-Rotation-Id"]).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(400, 1)]
    [InlineData(503, 5)]
    public async Task What_stays_broken_is_said_without_the_address_and_is_no_failure(int status, int tries)
    {
        await using Receiver receiver = await Receiver.StartAsync(Receiver.Status(status));

        NotificationResult result = await SendAsync(receiver, []);

        result.Sent.ShouldBeEmpty();
        result.Problems.ShouldHaveSingleItem().ShouldStartWith($"ops: answered {status} ({tries} tr");
        receiver.Requests.Count.ShouldBe(tries);
        result.Problems[0].ShouldNotContain("CANARY");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using Receiver other = await Receiver.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync(Receiver.Status(307, ("Location", other.Url)));

        (await SendAsync(receiver, [])).Problems.ShouldHaveSingleItem().ShouldContain("answered 307");

        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_a_problem_and_the_others_are_told()
    {
        Receiver gone = await Receiver.StartAsync();
        string url = gone.Url;
        await gone.DisposeAsync();
        await using Receiver receiver = await Receiver.StartAsync();

        NotificationResult result = await SendAsync(receiver, new() { ["../gone:Url:File"] = Secret("gone", url) }, GateReached with { Notifiers = ["gone", "ops", "OPS"] });

        result.Sent.ShouldBe(["ops"]);
        result.Problems.ShouldHaveSingleItem().ShouldStartWith("gone: cannot be reached: ConnectionError");
        receiver.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_notifier_is_a_failure_before_anything_is_sent()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        var e = await Should.ThrowAsync<ApplicationFailureException>(() => SendAsync(receiver, [], GateReached with { Notifiers = ["ops", "nosuch"] }));

        (e.ErrorType, e.NonRetryable).ShouldBe(("NotifierUnknown", true));
        receiver.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_that_looks_like_a_secret_leaves_in_a_text()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        const string Canary = "CANARYcanaryCANARYcanary0123456789CANARYcanary";

        await SendAsync(receiver, [], GateReached with { Text = $"kops said: client-key-data: {Canary}\n-----BEGIN RSA PRIVATE KEY-----\n{Canary}" });
        await SendAsync(receiver, new() { ["Format"] = "slack" }, GateReached with { Text = $"Authorization: Bearer {Canary}" });

        receiver.Requests.ShouldAllBe(r => !r.Body.Contains("CANARY", StringComparison.Ordinal) && r.Body.Contains("[redacted]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_no_notifier_nobody_is_told_and_nothing_fails()
    {
        using ServiceProvider services = Services([]);

        (await RunAsync(services, GateReached)).Problems.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static Task<NotificationResult> RunAsync(ServiceProvider services, Notification notification) =>
        new ActivityEnvironment().RunAsync(() => services.GetRequiredService<NotificationActivities>().NotifyAsync(notification));

    private async Task<NotificationResult> SendAsync(Receiver receiver, Dictionary<string, string?> notifier, Notification? notification = null)
    {
        Dictionary<string, string?> settings = new() { ["Rotation:Notifications:Default:0"] = "ops", ["Rotation:Notifications:Notifiers:ops:Url:File"] = Secret("url", receiver.Url) };
        foreach ((string key, string? value) in notifier)
            settings[key.StartsWith("../", StringComparison.Ordinal) ? $"Rotation:Notifications:Notifiers:{key[3..]}" : $"Rotation:Notifications:Notifiers:ops:{key}"] = value;
        using ServiceProvider services = Services(settings);
        return await RunAsync(services, notification ?? GateReached);
    }

    // Timers of the HTTP client's own deadline are not ours.
    private IEnumerable<int> WaitsOfRetries() => _time.Waits.Select(w => (int)w.TotalSeconds);

    private ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection().AddSingleton<TimeProvider>(_time).AddRotationActivities(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

    private string Secret(string name, string content)
    {
        string path = _folder.Combine(name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
