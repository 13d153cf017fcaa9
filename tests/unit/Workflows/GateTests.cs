using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class GateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Approval Ann = new() { Gate = "3-promote", Approver = "ann@example.com", PlanHash = "aa" };

    [Fact]
    public void Opens_when_the_quorum_of_different_people_approved()
    {
        Gate gate = Make(new() { Quorum = 2 });
        gate.RefusalOf(Ann, Now).ShouldBeNull();
        gate.Approve(Ann);
        gate.Outcome.ShouldBe(GateOutcome.None);
        gate.Approve(Ann with { Approver = "bob@example.com" });
        gate.Outcome.ShouldBe(GateOutcome.Passed);
        gate.RefusalOf(Ann with { Approver = "eve@example.com" }, Now)!.ShouldContain("decided already");
    }

    [Theory]
    [InlineData("5-distrust", "ann@example.com", "aa", "waits at \"3-promote\", not at \"5-distrust\"")]
    [InlineData("", "ann@example.com", "aa", "gate: is required")]
    [InlineData("3-promote", "  ", "aa", "approver: is required")]
    [InlineData("3-promote", "ann@example.com", "bb", "the approval is for plan bb, and the plan is aa now")]
    [InlineData("3-promote", "Root@Example.com", "aa", "started this rotation and cannot approve it")]
    public void Refuses_in_words(string gateName, string approver, string hash, string words) =>
        Make(new()).RefusalOf(new() { Gate = gateName, Approver = approver, PlanHash = hash }, Now)!.ShouldContain(words);

    [Fact]
    public void Refuses_the_same_person_twice_however_the_name_is_written()
    {
        Gate gate = Make(new() { Quorum = 2 });
        gate.Approve(Ann);
        gate.RefusalOf(Ann with { Approver = " ANN@example.com" }, Now)!.ShouldContain("has approved already");
        gate.Outcome.ShouldBe(GateOutcome.None);
    }

    [Fact]
    public void Refuses_after_its_deadline_until_it_is_extended()
    {
        Gate gate = Make(new() { Timeout = KopsDuration.FromHours(1) });
        DateTimeOffset late = Now.AddHours(2);
        gate.RefusalOf(Ann, late)!.ShouldContain("extend it");
        gate.TimeIsUp();
        gate.Outcome.ShouldBe(GateOutcome.None);
        gate.Extend(TimeSpan.FromHours(1), late);
        gate.Deadline.ShouldBe(late.AddHours(1));
        gate.RefusalOf(Ann, late).ShouldBeNull();
    }

    [Theory]
    [InlineData(GateTimeout.Hold, GateOutcome.None)]
    [InlineData(GateTimeout.Advance, GateOutcome.Passed)]
    [InlineData(GateTimeout.Rollback, GateOutcome.RolledBack)]
    public void Ends_as_declared_when_its_time_is_up(GateTimeout policy, object expected)
    {
        Gate gate = Make(new() { OnTimeout = policy });
        gate.TimeIsUp();
        gate.Outcome.ShouldBe((GateOutcome)expected);
    }

    [Fact]
    public void The_requester_may_approve_where_the_request_says_so() =>
        Make(new() { ExcludeRequester = false }).RefusalOf(Ann with { Approver = "root@example.com" }, Now).ShouldBeNull();

    [Fact]
    public void A_field_that_is_not_known_refuses_the_approval() =>
        Make(new()).RefusalOf(Ann with { Problems = ["gaet: unknown field"] }, Now).ShouldBe("gaet: unknown field");

    private static Gate Make(ApprovalPolicy policy) => new("3-promote", policy, "root@example.com", "aa", Now);
}
