using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Rotation.Activities.Preflight;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>A healthy cluster gives no finding; each check has one fault of its own that it finds, and says what to do.</summary>
public sealed class PreflightChecksTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Func<PreflightFacts, PreflightFacts>> Faults = new()
    {
        ["kops-older-than-last-writer"] = f => f with { Spec = f.Spec! with { LastUpdatedBy = "1.27.0" } },
        ["kops-newer-than-last-writer"] = f => f with { Spec = f.Spec! with { LastUpdatedBy = "1.25.3" } },
        ["kubernetes-newer-than-kops"] = f => Spec(f, s => s["kubernetesVersion"] = "1.27.1"),
        ["kubernetes-upgrade-pending"] = f => Node(f, n => n.Status.NodeInfo.KubeletVersion = "v1.25.9"),
        ["update-has-foreign-changes"] = f => f with { Update = new(2, ["LaunchTemplate/nodes", "SecurityGroup/api"]) },
        ["instances-already-need-update"] = f => f with { Instances = [f.Instances![0] with { NeedsUpdate = true }] },
        ["detached-instances"] = f => f with { Instances = [f.Instances![0] with { NeedsUpdate = true, Detached = true }] },
        ["keyset-missing"] = f => f with { Input = f.Input with { Keysets = ["kubernetes-ca", "nosuch-ca"] } },
        ["keyset-has-staged-keypair"] = f => Ca(f, k => k with { Keypairs = [.. k.Keypairs, Keypair("3", "CN=new")] }),
        ["keyset-trusts-many"] = f => Ca(f, k => k with { PrimaryId = "9", Keypairs = [Keypair("7", "CN=7"), Keypair("8", "CN=8"), Keypair("9", "CN=9")] }),
        ["keyset-has-strays"] = f => Ca(f, k => k with { StrayItems = 1 }),
        ["keystore-has-legacy-entries"] = f => f with { Keystore = f.Keystore! with { OtherEntries = ["ca", "kubelet"] } },
        ["ca-subject-not-unique"] = f => Ca(f, k => k with { PrimaryId = "2", Keypairs = [Keypair("1", "CN=kubernetes"), Keypair("2", "CN=kubernetes")] }),
        ["keypair-expired"] = f => Ca(f, k => k with { Keypairs = [Keypair("2", "CN=2") with { NotAfter = Now.AddHours(3) }] }),
        ["keypair-expires-soon"] = f => Ca(f, k => k with { Keypairs = [Keypair("2", "CN=2") with { NotAfter = Now.AddDays(30) }] }),
        ["supplied-ca-unfit"] = f => f with { Keystore = f.Keystore! with { SuppliedProblems = ["The supplied keypair 'x' is not a CA. Give another."] } },
        ["policy-not-proven"] = f => f with { Input = f.Input with { Policy = new() { Algorithm = KeyAlgorithm.EcdsaP256 } } },
        ["managed-by-terraform"] = f => Spec(f, s => s["target"] = new JsonObject { ["terraform"] = new JsonObject() }),
        ["api-load-balancer-certificate"] = f => Spec(f, s => s["api"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["sslCertificate"] = "arn:x" } }),
        ["cloud-not-supported"] = f => Spec(f, s => s["cloudProvider"] = "gce"),
        ["group-never-rolls"] = f => Group(f, s => s["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = "0%" }),
        ["group-processes-suspended"] = f => Group(f, s => s["suspendProcesses"] = new JsonArray("Launch")),
        ["group-managed-elsewhere"] = f => Group(f, s => s["manager"] = "Karpenter"),
        ["group-on-spot"] = f => Group(f, s => s["maxPrice"] = "0.05"),
        ["control-plane-too-small"] = f => Group(f, s => s["minSize"] = 1),
        ["jwks-published"] = f => Spec(f, s => s["serviceAccountIssuerDiscovery"] = new JsonObject { ["discoveryStore"] = "s3://keys" }),
        ["node-not-ready"] = f => Node(f, n => n.Status.Conditions[0].Status = "False"),
        ["node-cordoned"] = f => Node(f, n => n.Spec.Unschedulable = true),
        ["nodes-and-instances-differ"] = f => Node(f, n => n.Spec.ProviderID = "aws:///us-east-1a/i-lost"),
        ["system-pod-not-ready"] = f => Pods(f, Pod("dns", p => (p.Spec.PriorityClassName, p.Status.Phase) = ("system-cluster-critical", "Pending"))),
        ["clock-skew"] = f => f with { Kubernetes = f.Kubernetes! with { ServerTime = Now.AddSeconds(-90) } },
        ["served-certificate-expiring"] = f => f with { Served = [new("node-1", "kubelet", Now.AddDays(3), "2")] },
        ["served-by-unknown-ca"] = f => f with { Served = [new("node-1", "kubelet", Now.AddDays(300), "")] },
        ["pdb-never-satisfied"] = f => f with { Kubernetes = f.Kubernetes! with { Budgets = [Budget("web", expected: 2, desired: 2, healthy: 2)] } },
        ["pdb-blocked-now"] = f => f with { Kubernetes = f.Kubernetes! with { Budgets = [Budget("web", expected: 3, desired: 2, healthy: 2)] } },
        ["pdb-overlap"] = f => Pods(f with { Kubernetes = f.Kubernetes! with { Budgets = [Budget("a", 3, 1, 3), Budget("b", 3, 1, 3)] } }, Pod("web", p => p.Metadata.Labels = new Dictionary<string, string> { ["app"] = "web" })),
        ["pod-without-owner"] = f => Pods(f, Pod("bare", p => p.Metadata.OwnerReferences = null)),
        ["pod-pending"] = f => Pods(f, Pod("late", p => (p.Status.Phase, p.Spec.NodeName) = ("Pending", ""))),
        ["tokens-in-secrets"] = f => f with { Kubernetes = f.Kubernetes! with { TokenSecrets = ["ci/deployer-token"] } },
        ["webhook-fails-closed"] = f => f with { Kubernetes = f.Kubernetes! with { FailClosedWebhooks = ["policy.example.com"] } },
        ["capacity-short"] = f => f with { Input = f.Input with { Roll = f.Input.Roll with { MaxSurge = "0" } } },
        ["permission-missing-kubernetes"] = f => f with { Kubernetes = f.Kubernetes! with { Denied = ["create pods/eviction"] } },
        ["group-incomplete"] = f => f with { Cloud = f.Cloud! with { Groups = [new("nodes", "nodes.test", 2, [new("i-1", "us-east-1a", true, true)])] } },
        ["subnet-addresses-short"] = f => f with { Cloud = f.Cloud! with { FreeAddresses = new Dictionary<string, int> { ["subnet-1"] = 2 } } },
        ["quota-short"] = f => f with { Cloud = f.Cloud! with { InstanceLimit = 1 } },
        ["permission-missing-cloud"] = f => f with { Cloud = f.Cloud! with { Denied = ["ec2:TerminateInstances"] } },
        ["no-sinks"] = f => f with { Sinks = [] },
        ["sink-unreachable"] = f => f with { Sinks = [new("ops", "It is away.", false, [])] },
        ["sink-holds-something-else"] = f => f with { Sinks = [new("ops", null, false, [])] },
        ["sink-holds-unknown-ca"] = f => f with { Sinks = [new("ops", null, true, ["other"])] },
        ["admin-ttl-short"] = f => f with { Input = f.Input with { AdminTtl = KopsDuration.FromHours(1) } },
        ["worker-credential-too-short"] = f => f with { Worker = f.Worker! with { SessionToken = true, SessionEnds = Now.AddHours(1) } },
        ["worker-credential-not-renewed"] = f => f with { Worker = f.Worker! with { SessionToken = true } },
        ["work-directory-unwritable"] = f => f with { Worker = f.Worker! with { Unwritable = "Read-only file system." } },
        ["work-directory-volatile"] = f => f with { Worker = f.Worker! with { Volatile = true } },
        ["work-directory-full"] = f => f with { Worker = f.Worker! with { FreeBytes = 1 } },
        ["notifier-missing"] = f => f with { Input = f.Input with { Notifiers = ["slack-sre"] } },
        ["state-store-not-versioned"] = f => f with { Keystore = f.Keystore! with { Versioned = false } },
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Fact]
    public void A_healthy_cluster_gives_no_finding() => Findings(Healthy()).ShouldBeEmpty();

    [Fact]
    public void What_could_not_be_read_is_no_finding_of_a_check() => Findings(new() { Input = Healthy().Input, Now = Now }).ShouldBeEmpty();

    [Fact]
    public void Every_check_has_a_fault_here_and_names_are_unique() => PreflightChecks.All.Select(c => c.Name).Order(StringComparer.Ordinal).ShouldBe(Faults.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_check_finds_its_fault_and_says_what_to_do(string name)
    {
        Finding[] found = Findings(Faults[name](Healthy()));

        Finding finding = found.First(f => f.Check == name);
        finding.Severity.ShouldBeOneOf(FindingSeverity.Error, FindingSeverity.Warning);
        // What was found and what to do are two sentences at least, or two halves.
        finding.Message.Split([". ", ": ", "; "], StringSplitOptions.None).Length.ShouldBeGreaterThan(1);
        finding.Message.ShouldEndWith(".");
    }

    [Fact]
    public void A_selector_is_read_as_the_api_reads_it()
    {
        V1PodDisruptionBudget budget = Budget("web", 1, 0, 1);
        budget.Spec.Selector = new() { MatchExpressions = [new() { Key = "app", OperatorProperty = "In", Values = ["web", "api"] }, new() { Key = "canary", OperatorProperty = "DoesNotExist" }] };
        V1Pod web = Pod("web", p => p.Metadata.Labels = new Dictionary<string, string> { ["app"] = "api" });

        Rotation.Activities.Preflight.Checks.Budgets.Selects(budget, web).ShouldBeTrue();
        web.Metadata.Labels["canary"] = "yes";
        Rotation.Activities.Preflight.Checks.Budgets.Selects(budget, web).ShouldBeFalse();
        budget.Spec.Selector = null;
        Rotation.Activities.Preflight.Checks.Budgets.Selects(budget, web).ShouldBeFalse();
    }

    private static Finding[] Findings(PreflightFacts facts) => [.. PreflightChecks.All.SelectMany(c => c.Look(facts))];

    private static PreflightFacts Healthy() => new()
    {
        Input = new() { Cluster = TestCluster.Ref, AdminTtl = KopsDuration.FromHours(48) },
        Now = Now,
        Spec = new(
            Json("""{"spec":{"kubernetesVersion":"1.26.5","cloudProvider":"aws"}}"""),
            [Json("""{"metadata":{"name":"control-plane"},"spec":{"role":"Master","minSize":3}}"""), Json("""{"metadata":{"name":"nodes"},"spec":{"role":"Node"}}""")],
            "1.26.6",
            "1.26.6"),
        Keystore = new([new() { Name = "kubernetes-ca", PrimaryId = "2", Keypairs = [Keypair("1", "CN=1"), Keypair("2", "CN=2")] }, new() { Name = "service-account", PrimaryId = "2", Keypairs = [Keypair("2", "CN=service-account")] }], [], [], true),
        Update = new(0, []),
        Instances = [new() { Id = "i-1", InstanceGroup = "nodes", Role = InstanceGroupRole.Node }],
        Kubernetes = new() { ServerTime = Now, Nodes = [Healthy("node-1", "i-1")], Pods = [Pod("web", _ => { })], Budgets = [Budget("web", 3, 2, 3)] },
        Served = [new("node-1", "kubelet", Now.AddDays(300), "2")],
        Cloud = new([new("nodes", "nodes.test", 1, [new("i-1", "us-east-1a", true, true)])], new Dictionary<string, int> { ["subnet-1"] = 200 }, 20, 1, []),
        Sinks = [new("ops", null, true, ["fingerprint 2"])],
        Worker = new("/var/lib/rotation", null, false, 1L << 40, false, null),
    };

    private static V1Node Healthy(string name, string instance) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { ProviderID = $"aws:///us-east-1a/{instance}" },
        Status = new() { Conditions = [new() { Type = "Ready", Status = "True" }], NodeInfo = new() { KubeletVersion = "v1.26.5" }, Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2"), ["memory"] = new("4Gi") } },
    };

    private static V1Pod Pod(string name, Action<V1Pod> change)
    {
        var pod = new V1Pod
        {
            Metadata = new() { Name = name, NamespaceProperty = "default", OwnerReferences = [new() { Kind = "ReplicaSet", Controller = true }] },
            Spec = new() { NodeName = "node-1", Containers = [new() { Name = "c", Resources = new() { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("500m") } } }] },
            Status = new() { Phase = "Running" },
        };
        change(pod);
        return pod;
    }

    private static V1PodDisruptionBudget Budget(string name, int expected, int desired, int healthy) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = "default" },
        Spec = new() { Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } } },
        Status = new() { ExpectedPods = expected, DesiredHealthy = desired, CurrentHealthy = healthy, DisruptionsAllowed = Math.Max(0, healthy - desired) },
    };

    private static KeypairState Keypair(string id, string subject) => new() { Id = id, Subject = subject, HasPrivateKey = true, Fingerprint = $"fingerprint {id}", NotBefore = Now.AddDays(-2), NotAfter = Now.AddYears(9) };

    private static PreflightFacts Ca(PreflightFacts facts, Func<KeysetState, KeysetState> change) => facts with { Keystore = facts.Keystore! with { Keysets = [change(facts.Keystore.Keysets[0]), facts.Keystore.Keysets[1]] } };

    private static PreflightFacts Spec(PreflightFacts facts, Action<JsonNode> change) => facts with { Spec = facts.Spec! with { Cluster = Changed(facts.Spec.Cluster, change) } };

    private static PreflightFacts Group(PreflightFacts facts, Action<JsonNode> change) => facts with { Spec = facts.Spec! with { Groups = [Changed(facts.Spec.Groups[0], change), facts.Spec.Groups[1]] } };

    private static PreflightFacts Node(PreflightFacts facts, Action<V1Node> change)
    {
        V1Node node = Healthy("node-1", "i-1");
        change(node);
        return facts with { Kubernetes = facts.Kubernetes! with { Nodes = [node] } };
    }

    private static PreflightFacts Pods(PreflightFacts facts, params V1Pod[] pods) => facts with { Kubernetes = facts.Kubernetes! with { Pods = pods } };

    private static JsonElement Changed(JsonElement element, Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(element.GetRawText())!;
        change(root["spec"]!);
        return Json(root.ToJsonString());
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
