using System.Collections.Concurrent;
using Rotation.Activities.Secrets;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Api.Common.V1;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>The pass over every Secret, with the real Kubernetes client against a scripted API server.</summary>
public sealed class StoredSecretTests
{
    private const string Content = "c2VjcmV0LWNhbmFyeQ==";
    private readonly ConcurrentQueue<string> _asked = new();

    [Fact]
    public async Task Counts_what_had_to_be_written_and_nothing_else()
    {
        await using var api = new ScriptedApi(Answer);

        RewrittenSecrets pass = await RunAsync(api, a => a.RewriteSecretsAsync(TestCluster.Ref));

        // "stale" and "raced" were under another key; "fresh" was not; "mutated" is changed by a webhook at each write; "gone" was deleted meanwhile.
        pass.ShouldBe(new RewrittenSecrets(Secrets: 5, Written: 2));
        _asked.Count(a => a.StartsWith("PUT", StringComparison.Ordinal)).ShouldBe(6);
        _asked.ShouldContain(a => a.Contains("continue=page-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Goes_on_at_the_page_of_the_attempt_before()
    {
        await using var api = new ScriptedApi(Answer);

        RewrittenSecrets pass = await RunAsync(api, a => a.RewriteSecretsAsync(TestCluster.Ref), new SecretPassProgress("page-2", 250, 7));

        pass.ShouldBe(new RewrittenSecrets(Secrets: 252, Written: 8));
        _asked.ShouldNotContain(a => a.Contains("/stale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Begins_again_when_the_API_does_not_know_the_page_any_more_and_forgets_no_count()
    {
        await using var api = new ScriptedApi(Answer);

        RewrittenSecrets pass = await RunAsync(api, a => a.RewriteSecretsAsync(TestCluster.Ref), new SecretPassProgress("expired", 250, 7));

        pass.ShouldBe(new RewrittenSecrets(Secrets: 5, Written: 9));
    }

    [Fact]
    public async Task A_Secret_that_the_API_does_not_take_back_is_named_without_its_content()
    {
        await using var api = new ScriptedApi(request => request.StartsWith("PUT", StringComparison.Ordinal) ? ("422 Unprocessable Entity", $"{{\"message\":\"{Content}\"}}") : Answer(request));

        var failure = await Should.ThrowAsync<ApplicationFailureException>(RunAsync(api, a => a.RewriteSecretsAsync(TestCluster.Ref)));

        failure.ErrorType.ShouldBe(RotationErrors.SecretRefused);
        failure.Message.ShouldContain("default/stale");
        failure.ToString().ShouldNotContain(Content);
    }

    [Fact]
    public async Task Every_API_server_is_read_and_the_one_that_cannot_decrypt_is_named()
    {
        string endpoints = "";
        (string, string) Good(string request) => request.Contains("/endpoints/", StringComparison.Ordinal) ? ("200 OK", endpoints) : request.Contains("/nodes", StringComparison.Ordinal) ? ("200 OK", "{\"items\":[]}") : Answer(request);
        await using var api = new ScriptedApi(Good);
        var good = api.Add(Good);
        var blind = api.Add(request => request.Contains("/secrets", StringComparison.Ordinal) ? ("500 Internal Server Error", "{\"message\":\"no matching key was found\"}") : Good(request));
        endpoints = $"{{\"subsets\":[{Subset("cp-1", good.Address.Port)},{Subset("cp-2", blind.Address.Port)}]}}";

        ReadableSecrets read = await RunAsync(api, a => a.ReadSecretsAsync(TestCluster.Ref));

        read.Servers.Select(s => s.Node).ShouldBe(["cp-1", "cp-2"]);
        read.Servers[0].ShouldBe(new SecretReadings("cp-1", 5, null));
        read.Servers[1].Unreadable.ShouldNotBeNull().ShouldContain("no matching key");
    }

    private static string Subset(string node, int port) => $"{{\"addresses\":[{{\"ip\":\"127.0.0.1\",\"nodeName\":\"{node}\"}}],\"ports\":[{{\"port\":{port}}}]}}";

    private static Task<T> RunAsync<T>(ScriptedApi api, Func<StoredSecretActivities, Task<T>> activity, SecretPassProgress? from = null)
    {
        var environment = new ActivityEnvironment();
        if (from is not null)
        {
            Payload kept = environment.PayloadConverter.ToPayload(from);
            environment = new() { Info = ActivityEnvironment.DefaultInfo with { HeartbeatDetails = [kept] } };
        }

        return environment.RunAsync(() => activity(api.Cluster.Get<StoredSecretActivities>()));
    }

    private (string Status, string Body) Answer(string request)
    {
        _asked.Enqueue(request);
        string name = request.Split('?')[0].Split('/')[^1];
        if (request.Contains("continue=expired", StringComparison.Ordinal))
            return ("410 Gone", "{\"kind\":\"Status\",\"code\":410}");
        if (request.Contains("/api/v1/secrets", StringComparison.Ordinal))
            return ("200 OK", request.Contains("continue=page-2", StringComparison.Ordinal) ? List("", Secret("mutated", 1), Secret("raced", 1)) : List("page-2", Secret("stale", 1), Secret("fresh", 1), Secret("gone", 1)));
        if (!request.StartsWith("PUT", StringComparison.Ordinal))
            return ("200 OK", Secret(name, 5));
        int puts = _asked.Count(a => a.StartsWith("PUT", StringComparison.Ordinal) && a.Contains($"/{name}", StringComparison.Ordinal));
        return name switch
        {
            "gone" => ("404 Not Found", "{\"kind\":\"Status\",\"code\":404}"),
            "raced" when puts == 1 => ("409 Conflict", "{\"kind\":\"Status\",\"code\":409}"),
            "fresh" => ("200 OK", Secret(name, 1)),
            "mutated" => ("200 OK", Secret(name, 9, ",\"annotations\":{\"seen\":\"1\"}")),
            _ => ("200 OK", Secret(name, 9)),
        };
    }

    private static string List(string mark, params string[] items) => $"{{\"metadata\":{{\"continue\":\"{mark}\"}},\"items\":[{string.Join(',', items)}]}}";

    private static string Secret(string name, int version, string more = "") =>
        $"{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"default\",\"uid\":\"u\",\"resourceVersion\":\"{version}\"{more}}},\"data\":{{\"k\":\"{Content}\"}},\"type\":\"Opaque\"}}";
}
