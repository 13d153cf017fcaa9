using Rotation.Activities.Nodes;
using Rotation.Activities.Secrets;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Every change of a Kubernetes object by an API server that dies at a point of it, with the real client over real TLS: done once, whoever tries again. What the cloud does is in <c>tests/lab</c>.</summary>
[CrashTested("CordonNode", "UncordonNode", "HoldScaleDown", "ReleaseScaleDown", "TaintNodes", "DrainNode", "RewriteSecrets")]
public sealed class NodeCrashTests : IAsyncDisposable
{
    private const string Cordoned = """{"labels":{"node.kubernetes.io/exclude-from-external-load-balancers":""},"annotations":{"rotation/cordoned":"cordon label"}}""";
    private const string Held = """{"annotations":{"cluster-autoscaler.kubernetes.io/scale-down-disabled":"true","rotation/holds-scale-down":"true"}}""";
    private readonly ScriptedApi _api;
    private readonly Lock _turn = new();
    private string _before = "";
    private string _after = "";
    private bool _done;
    private int _asked;
    private CrashPoint? _dies;

    public NodeCrashTests() => _api = new ScriptedApi(Answer);

    public static TheoryData<string, CrashPoint> Crashes
    {
        get
        {
            var all = new TheoryData<string, CrashPoint>();
            foreach (string activity in (string[])["CordonNode", "UncordonNode", "HoldScaleDown", "ReleaseScaleDown", "TaintNodes", "DrainNode", "RewriteSecrets"])
                foreach (CrashPoint at in Enum.GetValues<CrashPoint>())
                    all.Add(activity, at);
            return all;
        }
    }

    private static NodeInput Input => new() { Cluster = TestCluster.Ref, Instance = new() { Id = "i-1", NodeName = "node-1", InstanceGroup = "nodes", Role = InstanceGroupRole.Node } };

    private NodeActivities Nodes => _api.Cluster.Get<NodeActivities>();

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task A_change_that_died_is_taken_up_and_done_once(string activity, CrashPoint at)
    {
        Func<Task> act = Prepare(activity);
        _dies = at;
        if (activity == "DrainNode")
        {
            // It asks again by itself.
            await act();
            _done.ShouldBeTrue();
            return;
        }

        var failure = await Should.ThrowAsync<ApplicationFailureException>(act());
        failure.ErrorType.ShouldBe(RotationErrors.ApiUnavailable);
        failure.NonRetryable.ShouldBeFalse();
        _done.ShouldBe(at == CrashPoint.After);
        _asked = 0;

        await act();
        await act();

        _done.ShouldBeTrue();
        // Secrets are sent back as they are; the API says that nothing had to be written.
        if (activity != "RewriteSecrets")
            _asked.ShouldBe(at == CrashPoint.After ? 0 : 1);
    }

    [Theory]
    [InlineData("CordonNode")]
    [InlineData("UncordonNode")]
    [InlineData("HoldScaleDown")]
    [InlineData("ReleaseScaleDown")]
    [InlineData("TaintNodes")]
    [InlineData("DrainNode")]
    [InlineData("RewriteSecrets")]
    public async Task Two_at_once_do_it_once_or_the_second_is_told_to_try_again(string activity)
    {
        Func<Task> act = Prepare(activity);

        Exception?[] failures = await Task.WhenAll(Record.ExceptionAsync(act).AsTask(), Record.ExceptionAsync(act).AsTask());
        await act();

        failures.OfType<Exception>().ShouldAllBe(e => e is ApplicationFailureException && !((ApplicationFailureException)e).NonRetryable);
        _done.ShouldBeTrue();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Node(string metadata, string spec) =>
        $$$"""{"metadata":{"name":"node-1","resourceVersion":"1",{{{metadata[1..^1]}}}{{{(metadata.Length > 2 ? "," : "")}}}"uid":"u"},"spec":{"providerID":"aws:///us-east-1a/i-1"{{{spec}}}}}""";

    // The object as the activity finds it, and as it leaves it.
    private Func<Task> Prepare(string activity)
    {
        (_before, _after) = activity switch
        {
            "CordonNode" => (Node("{}", ""), Node(Cordoned, ",\"unschedulable\":true")),
            "UncordonNode" => (Node(Cordoned, ",\"unschedulable\":true"), Node("{}", "")),
            "HoldScaleDown" => (Node("{}", ""), Node(Held, "")),
            "ReleaseScaleDown" => (Node(Held, ""), Node("{}", "")),
            "TaintNodes" => (Node("{}", ""), Node("{}", ",\"taints\":[{\"key\":\"kops.k8s.io/scheduled-for-update\",\"effect\":\"PreferNoSchedule\"}]")),
            _ => (Node(Cordoned, ",\"unschedulable\":true"), Node(Cordoned, ",\"unschedulable\":true")),
        };
        return activity switch
        {
            "CordonNode" => () => RunAsync(() => Nodes.CordonNodeAsync(Input)),
            "UncordonNode" => () => RunAsync(() => Nodes.UncordonNodeAsync(Input)),
            "HoldScaleDown" => () => TestCluster.RunAsync(() => Nodes.HoldScaleDownAsync(TestCluster.Ref)),
            "ReleaseScaleDown" => () => TestCluster.RunAsync(() => Nodes.ReleaseScaleDownAsync(TestCluster.Ref)),
            "TaintNodes" => () => RunAsync(() => Nodes.TaintNodesAsync(new() { Cluster = TestCluster.Ref, Instances = ["i-1"] })),
            "DrainNode" => () => TestCluster.RunAsync(() => Nodes.DrainNodeAsync(new() { Cluster = TestCluster.Ref, Instance = Input.Instance })),
            _ => () => TestCluster.RunAsync(() => _api.Cluster.Get<StoredSecretActivities>().RewriteSecretsAsync(TestCluster.Ref)),
        };
    }

    private static Task<bool> RunAsync(Func<Task> activity) => TestCluster.RunAsync(async () =>
    {
        await activity();
        return true;
    });

    private (string Status, string Body) Answer(string request)
    {
        lock (_turn)
        {
            if (!request.StartsWith("GET", StringComparison.Ordinal))
                return ("200 OK", Change());
            string path = request["GET ".Length..].Split('?')[0];
            return ("200 OK", path switch
            {
                "/api/v1/nodes" => $"{{\"kind\":\"NodeList\",\"items\":[{(_done ? _after : _before)}]}}",
                "/api/v1/nodes/node-1" => _done ? _after : _before,
                "/api/v1/pods" => $"{{\"kind\":\"PodList\",\"items\":[{(_done ? "" : "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"p\"},\"spec\":{\"containers\":[]},\"status\":{\"phase\":\"Running\"}}")}]}}",
                _ => $"{{\"kind\":\"SecretList\",\"metadata\":{{}},\"items\":[{Secret()}]}}",
            });
        }
    }

    private string Change()
    {
        _asked++;
        CrashPoint? dies = _dies;
        _dies = null;
        if (dies is CrashPoint.Before or CrashPoint.During)
            throw new IOException("dies");
        _done = true;
        if (dies is CrashPoint.After)
            throw new IOException("dies");
        return _after.Length > 0 && _before != _after ? _after : Secret();
    }

    private string Secret() => $"{{\"metadata\":{{\"name\":\"s\",\"namespace\":\"default\",\"uid\":\"s\",\"resourceVersion\":\"{(_done ? 2 : 1)}\"}},\"data\":{{\"k\":\"dg==\"}},\"type\":\"Opaque\"}}";
}
