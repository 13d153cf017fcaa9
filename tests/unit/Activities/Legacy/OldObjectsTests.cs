using System.Collections.Concurrent;
using Rotation.Activities.Legacy;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>Deletions of pods and token Secrets, with the real Kubernetes client against a scripted API server.</summary>
public sealed class OldObjectsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly HashSet<string> _gone = [];
    private readonly ScriptedApi _api;

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

    private (string Status, string Body) Answer(string request)
    {
        _asked.Enqueue(request);
        if (request.StartsWith("DELETE", StringComparison.Ordinal))
            return _gone.Add(request.Split('/')[^1]) ? ("200 OK", "{\"kind\":\"Status\"}") : ("404 Not Found", "{\"kind\":\"Status\"}");
        string[] pods = [Meta("old", -1), Meta("young", 1), Meta("mirror", -1, ",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}")];
        string[] secrets = [Meta("token-old", -1, type: "kubernetes.io/service-account-token"), Meta("token-young", 1, type: "kubernetes.io/service-account-token"), Meta("opaque", -1, type: "Opaque")];
        return ("200 OK", $"{{\"items\":[{string.Join(',', (request.Contains("/pods", StringComparison.Ordinal) ? pods : secrets).Where(o => !_gone.Any(g => o.Contains($"\"{g}\"", StringComparison.Ordinal))))}]}}");
    }

    private static string Meta(string name, int hours, string more = "", string? type = null) =>
        $"{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"default\",\"uid\":\"u-{name}\",\"creationTimestamp\":\"{Start.AddHours(hours):yyyy-MM-ddTHH:mm:ssZ}\"{more}}}{(type is null ? "" : $",\"type\":\"{type}\"")}}}";
}
