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

    [Fact]
    public void An_error_among_the_findings_stops_it()
    {
        IReadOnlyList<Finding> findings = Preflight.Check(Snapshot() with { Findings = [new("jwks-published", FindingSeverity.Warning, "w"), new("quota-short", FindingSeverity.Error, "too few instances.")] });

        findings[0].Check.ShouldBe("quota-short");
        var failure = Should.Throw<ApplicationFailureException>(() => Preflight.ThrowIfError(findings));
        failure.ErrorType.ShouldBe(RotationErrors.PreflightFailed);
        failure.Message.ShouldBe("quota-short: too few instances. Nothing was changed.");
    }

    [Fact]
    public void A_cluster_without_a_control_plane_is_one_that_cannot_be_read() =>
        Preflight.Check(Snapshot() with { Instances = new([Worker("i-1")]) })[0].Check.ShouldBe("no-control-plane");

    [Fact]
    public void What_only_needs_to_be_seen_does_not_stop_it()
    {
        IReadOnlyList<Finding> findings = Preflight.Check(Snapshot() with { Findings = [new("node-cordoned", FindingSeverity.Warning, "w")] });
        findings.Select(f => f.Check).ShouldBe(["node-cordoned", "requester-unknown"]);
        Should.NotThrow(() => Preflight.ThrowIfError(findings));
    }

    [Fact]
    public void The_forecast_counts_nodes_gates_and_holds()
    {
        ClusterSnapshot snapshot = Snapshot() with { Keysets = [Keyset("service-account", "7")], Tokens = new() { PodsWithTokens = 1, LongestLife = KopsDuration.FromHours(2) } };
        KopsDuration ThreeRolls(int hours) => KopsDuration.FromMinutes((3 * 6) + (60 * hours));

        PlanBuilder.Build(snapshot).Forecast.ShouldBe(ThreeRolls(12 + 2));
        PlanBuilder.Build(snapshot with { Facts = snapshot.Facts with { JwksPublished = true } }).Forecast.ShouldBe(ThreeRolls(12 + 2 + 24));
        PlanBuilder.Build(snapshot with { Request = snapshot.Request with { Emergency = true } }).Forecast.ShouldBe(ThreeRolls(4));
        PlanBuilder.Build(snapshot with { Request = snapshot.Request with { Approvals = new() { Auto = true } } }).Forecast.ShouldBe(ThreeRolls(2));
    }

    [Fact]
    public void Holds_stand_in_the_plan_with_their_reason()
    {
        RotationPlan plan = PlanBuilder.Build(Snapshot() with
        {
            Keysets = [Keyset("service-account", "7")],
            Facts = new() { Name = "a.b", CloudProvider = "aws", JwksPublished = true },
            Tokens = new() { PodsWithTokens = 3, LongestLife = KopsDuration.FromHours(2) },
        });

        plan.Steps[2].Hold.ShouldNotBeNull().ShouldStartWith("24h after 1-stage: verifiers outside");
        plan.Steps[4].Hold.ShouldNotBeNull().ShouldStartWith("2h after 3-promote: 3 pods mount tokens");
    }

    [Fact]
    public void What_was_begun_before_is_shown_as_done_and_its_keypairs_by_id()
    {
        KeysetState staged = Keyset("kubernetes-ca", "7") with { Keypairs = [.. Keyset("kubernetes-ca", "7").Keypairs, .. Keyset("kubernetes-ca", "10").Keypairs] };
        var adoption = Adoption.Read([staged]).Decide(true, null);

        RotationPlan plan = PlanBuilder.Build(Snapshot() with { Keysets = [staged], Adoption = adoption, FirstStep = adoption.FirstStep });

        plan.FirstStep.ShouldBe("2-export-ca");
        plan.Steps[0].Done.ShouldNotBeNull();
        plan.Steps[0].Commands.ShouldBeEmpty();
        plan.Steps[2].Commands[0].ShouldBe("kops promote keypair kubernetes-ca 10");
        plan.Steps[4].Commands[0].ShouldBe("kops distrust keypair kubernetes-ca 7");
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
