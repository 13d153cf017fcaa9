using System.Collections.Concurrent;
using Rotation.Activities.Legacy;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>Deletions of pods and token Secrets, with the real Kubernetes client against a scripted API server.</summary>
[CrashTested("DeletePods", "DeleteServiceAccountTokens")]
public sealed class OldObjectsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly HashSet<string> _gone = [];
    private readonly ScriptedApi _api;
    private (int Nth, CrashPoint At)? _dies;
    private bool _many;
    private int _effects;

    public OldObjectsTests() => _api = new(Answer);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Pods_that_were_started_since_and_mirror_pods_are_left_alone_and_a_repetition_finds_nothing_to_do()
    {
        LegacyActivities activities = _api.Cluster.Get<LegacyActivities>();
        var input = new OlderThanInput { Cluster = TestCluster.Ref, Before = Start };

        DeletedObjects first = await TestCluster.RunAsync(() => activities.DeletePodsAsync(input));
        DeletedObjects second = await TestCluster.RunAsync(() => activities.DeletePodsAsync(input));

        first.Count.ShouldBe(1);
        second.Count.ShouldBe(0);
        _asked.Where(a => a.StartsWith("DELETE", StringComparison.Ordinal)).ShouldBe(["DELETE /api/v1/namespaces/default/pods/old"]);
    }

    [Fact]
    public async Task Only_old_service_account_tokens_are_deleted()
    {
        LegacyActivities activities = _api.Cluster.Get<LegacyActivities>();

        DeletedObjects deleted = await TestCluster.RunAsync(() => activities.DeleteServiceAccountTokensAsync(new() { Cluster = TestCluster.Ref, Before = Start }));

        deleted.Count.ShouldBe(1);
        _asked.Where(a => a.StartsWith("DELETE", StringComparison.Ordinal)).ShouldBe(["DELETE /api/v1/namespaces/default/secrets/token-old"]);
    }

    [Theory]
    [InlineData("pods", CrashPoint.Before)]
    [InlineData("pods", CrashPoint.After)]
    [InlineData("tokens", CrashPoint.Before)]
    [InlineData("tokens", CrashPoint.After)]
    public async Task A_deletion_whose_answer_was_lost_is_not_made_again_and_the_rest_is(string kind, CrashPoint at)
    {
        _many = true;
        _dies = (3, at);
        (await Should.ThrowAsync<ApplicationFailureException>(DeleteAsync(kind))).ErrorType.ShouldBe(RotationErrors.ApiUnavailable);
        int done = _gone.Count;
        _dies = null;

        int[] deleted = await Task.WhenAll(DeleteAsync(kind), DeleteAsync(kind));

        done.ShouldBe(at == CrashPoint.After ? 3 : 2);
        deleted.Sum().ShouldBe(6 - done);
        _gone.Count.ShouldBe(6);
        _effects.ShouldBe(6);
    }

    private Task<int> DeleteAsync(string kind)
    {
        LegacyActivities activities = _api.Cluster.Get<LegacyActivities>();
        var input = new OlderThanInput { Cluster = TestCluster.Ref, Before = Start };
        return TestCluster.RunAsync(async () => (kind == "pods" ? await activities.DeletePodsAsync(input) : await activities.DeleteServiceAccountTokensAsync(input)).Count);
    }

    private bool Delete(string name)
    {
        bool dies = _dies is { } death && _gone.Count == death.Nth - 1;
        if (dies && _dies!.Value.At == CrashPoint.Before)
            throw new IOException("The connection is lost.");
        bool was = _gone.Add(name);
        _effects += was ? 1 : 0;
        return dies ? throw new IOException("The connection is lost.") : was;
    }

    private (string Status, string Body) Answer(string request)
    {
        _asked.Enqueue(request);
        if (request.StartsWith("DELETE", StringComparison.Ordinal))
            return Delete(request.Split('/')[^1]) ? ("200 OK", "{\"kind\":\"Status\"}") : ("404 Not Found", "{\"kind\":\"Status\"}");
        if (_many)
            return ("200 OK", $"{{\"items\":[{string.Join(',', Enumerable.Range(0, 6).Select(n => $"o{n}").Where(n => !_gone.Contains(n)).Select(n => Meta(n, -1, type: "kubernetes.io/service-account-token")))}]}}");
        string[] pods = [Meta("old", -1), Meta("young", 1), Meta("mirror", -1, ",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}")];
        string[] secrets = [Meta("token-old", -1, type: "kubernetes.io/service-account-token"), Meta("token-young", 1, type: "kubernetes.io/service-account-token"), Meta("opaque", -1, type: "Opaque")];
        return ("200 OK", $"{{\"items\":[{string.Join(',', (request.Contains("/pods", StringComparison.Ordinal) ? pods : secrets).Where(o => !_gone.Any(g => o.Contains($"\"{g}\"", StringComparison.Ordinal))))}]}}");
    }

    private static string Meta(string name, int hours, string more = "", string? type = null) =>
        $"{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"default\",\"uid\":\"u-{name}\",\"creationTimestamp\":\"{Start.AddHours(hours):yyyy-MM-ddTHH:mm:ssZ}\"{more}}}{(type is null ? "" : $",\"type\":\"{type}\"")}}}";
}
