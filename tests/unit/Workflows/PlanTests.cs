using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Planning;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class PlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_hash_changes_with_everything_that_will_be_done_and_with_nothing_else()
    {
        RotationPlan plan = PlanBuilder.Build(Snapshot());
        plan.PlanHash.Length.ShouldBe(64);
        PlanBuilder.Build(Snapshot()).PlanHash.ShouldBe(plan.PlanHash);
        PlanHash.Of(plan).ShouldBe(plan.PlanHash);
        PlanBuilder.Build(Snapshot(primary: "8")).PlanHash.ShouldNotBe(plan.PlanHash);
        PlanBuilder.Build(Snapshot() with { Request = new() { Cluster = "a.b", AdminTtl = KopsDuration.FromHours(1) } }).PlanHash.ShouldNotBe(plan.PlanHash);
        PlanBuilder.Build(Snapshot() with { Instances = new([Worker("i-2")]) }).PlanHash.ShouldNotBe(plan.PlanHash);
    }

    [Fact]
    public void Every_command_and_node_is_in_it()
    {
        RotationPlan plan = PlanBuilder.Build(Snapshot());
        plan.Steps.Select(s => s.Name).ShouldBe(StepNames.All);
        plan.Steps.Where(s => s.Gate is not null).Select(s => s.Gate).ShouldBe(["1-stage", "3-promote", "5-distrust"]);
        plan.Steps[0].Commands.ShouldBe(["kops create keypair etcd-peers-ca-main", "kops create keypair kubernetes-ca", "kops update cluster --yes", "rolling update: 2 instances"]);
        plan.Steps[4].WayBack.ShouldContain("kops trust keypair kubernetes-ca 7");
        plan.Steps[4].WayBack.ShouldContain(w => w.Contains("force", StringComparison.Ordinal));
        plan.Instances.Select(i => i.Id).ShouldBe(["i-c", "i-1"]);
    }

    [Fact]
    public void Kubeconfig_steps_are_skipped_with_the_reason()
    {
        PlanBuilder.Build(Snapshot() with { Keysets = [Keyset("etcd-peers-ca-main", "7")] }).Steps.Where(s => s.Skip is not null).Select(s => s.Name).ShouldBe(["2-export-ca", "4-export-admin", "6-export-ca"]);
        ClusterSnapshot own = Snapshot() with { Facts = new() { Name = "a.b", ApiHasOwnCertificate = true, CloudProvider = "aws" } };
        PlanBuilder.Build(own).Steps.Where(s => s.Skip is not null).Select(s => s.Name).ShouldBe(["2-export-ca", "6-export-ca"]);
    }

    [Fact]
    public void An_unknown_keyset_is_refused_by_name()
    {
        var failure = Should.Throw<ApplicationFailureException>(() => ClusterSnapshot.Choose(new() { Keysets = ["nope"] }, new([Keyset("kubernetes-ca", "7")])));
        failure.ErrorType.ShouldBe(RotationErrors.InvalidRequest);
        failure.Message.ShouldStartWith("keysets: the cluster has no keyset 'nope'");
    }

    [Theory]
    [InlineData("primary-expired")]
    [InlineData("primary-without-key")]
    [InlineData("primary-distrusted")]
    [InlineData("keyset-without-primary")]
    [InlineData("primary-not-yet-valid")]
    public void An_error_among_the_findings_stops_it(string check)
    {
        KeypairState pair = Keyset("kubernetes-ca", "7").Keypairs[0];
        KeypairState broken = check switch
        {
            "primary-expired" => pair with { NotAfter = Now },
            "primary-without-key" => pair with { HasPrivateKey = false },
            "primary-distrusted" => pair with { Distrusted = true },
            "primary-not-yet-valid" => pair with { NotBefore = Now.AddDays(1) },
            _ => pair with { Id = "6" },
        };
        ClusterSnapshot snapshot = Snapshot() with { Keysets = [new() { Name = "kubernetes-ca", PrimaryId = "7", Keypairs = [broken] }] };
        IReadOnlyList<Finding> findings = Preflight.Check(snapshot);
        findings[0].Check.ShouldBe(check);
        Should.Throw<ApplicationFailureException>(() => Preflight.ThrowIfError(findings)).ErrorType.ShouldBe(RotationErrors.PreflightFailed);
    }

    [Fact]
    public void What_only_needs_to_be_seen_does_not_stop_it()
    {
        KeysetState twice = Keyset("kubernetes-ca", "7") with { Keypairs = [.. Keyset("kubernetes-ca", "7").Keypairs, .. Keyset("kubernetes-ca", "10").Keypairs] };
        IReadOnlyList<Finding> findings = Preflight.Check(Snapshot() with { Keysets = [twice] });
        findings.Select(f => f.Check).ShouldBe(["keyset-has-staged-keypair", "single-control-plane", "requester-unknown"]);
        Should.NotThrow(() => Preflight.ThrowIfError(findings));
    }

    [Theory]
    [InlineData("kubernetes-ca", "i-1,i-c")]
    [InlineData("etcd-peers-ca-main", "i-c")]
    [InlineData("service-account", "i-c")]
    public void The_forecast_knows_whose_boot_configuration_has_a_keyset(string keyset, string expected) =>
        UpdateForecast.Expected([keyset], Snapshot().Instances).ShouldBe(expected.Split(','));

    [Fact]
    public void An_update_that_reaches_fewer_or_other_nodes_than_foreseen_is_said_so()
    {
        InstanceList before = Snapshot().Instances;
        UpdateForecast.Difference(["kubernetes-ca"], before, ["i-1", "i-c"]).ShouldBeNull();
        UpdateForecast.Difference(["kubernetes-ca"], before, [])!.ShouldContain("2 instances must need the update and 0 do; missing: i-1, i-c");
        UpdateForecast.Difference(["service-account"], before, ["i-1", "i-c"])!.ShouldContain("not foreseen: i-1");
    }

    private static ClusterSnapshot Snapshot(string primary = "7") => new(
        new() { Cluster = "a.b" },
        new() { Name = "a.b", KopsVersion = "1.26.6", CloudProvider = "aws" },
        [Keyset("etcd-peers-ca-main", "7"), Keyset("kubernetes-ca", primary)],
        new([Worker("i-1"), Worker("i-c") with { Role = InstanceGroupRole.ControlPlane, InstanceGroup = "master" }]),
        Now);

    private static KeysetState Keyset(string name, string id) => new()
    {
        Name = name,
        PrimaryId = id,
        Keypairs = [new() { Id = id, HasPrivateKey = true, NotBefore = Now.AddDays(-2), NotAfter = Now.AddYears(10), Fingerprint = $"f{id}" }],
    };

    private static InstanceState Worker(string id) => new() { Id = id, NodeName = id, InstanceGroup = "nodes", Role = InstanceGroupRole.Node };
}
