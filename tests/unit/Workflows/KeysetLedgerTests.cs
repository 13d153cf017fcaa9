using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class KeysetLedgerTests
{
    private static readonly KeysetState Before = new()
    {
        Name = "kubernetes-ca",
        PrimaryId = "2",
        Keypairs = [new() { Id = "1", Distrusted = true, Fingerprint = "f1" }, new() { Id = "2", Fingerprint = "f2" }],
    };

    [Fact]
    public void Says_at_each_step_what_must_be_trusted_and_who_signs()
    {
        var ledger = new KeysetLedger(Before);
        ledger.IsAsBefore.ShouldBeTrue();
        ledger.Staged("3", "f3");
        (ledger.PrimaryId, string.Join(' ', ledger.TrustedIds), string.Join(' ', ledger.TrustedFingerprints)).ShouldBe(("2", "2 3", "f2 f3"));
        ledger.Promoted("3");
        ledger.Distrust("2");
        (ledger.PrimaryId, string.Join(' ', ledger.TrustedIds), string.Join(' ', ledger.TrustedFingerprints)).ShouldBe(("3", "3", "f3"));
        ledger.IsAsBefore.ShouldBeFalse();
        ledger.Trust("2");
        ledger.Promoted("2");
        ledger.Distrust("3");
        ledger.IsAsBefore.ShouldBeTrue();
    }

    [Fact]
    public void Finds_what_somebody_else_did()
    {
        var ledger = new KeysetLedger(Before);
        ledger.DifferenceFrom(Before).ShouldBeNull();
        ledger.DifferenceFrom(null)!.ShouldContain("is gone");
        ledger.DifferenceFrom(Before with { PrimaryId = "1" })!.ShouldContain("has the primary 1 instead of 2");
        ledger.DifferenceFrom(Before with { Keypairs = [Before.Keypairs[0] with { Distrusted = false }, Before.Keypairs[1]] })!.ShouldContain("trusts [1, 2] instead of [2]");
        ledger.DifferenceFrom(Before with { Keypairs = [.. Before.Keypairs, new() { Id = "9", Distrusted = true }] })!.ShouldContain("foreign keypair 9");
    }

    [Fact]
    public void Takes_one_unrecorded_keypair_as_its_own_and_refuses_to_guess_among_more()
    {
        var ledger = new KeysetLedger(Before);
        ledger.Unrecorded(Before).ShouldBeNull();
        ledger.Unrecorded(Before with { Keypairs = [.. Before.Keypairs, new() { Id = "3" }] })!.Id.ShouldBe("3");
        Should.Throw<ApplicationFailureException>(() => ledger.Unrecorded(Before with { Keypairs = [.. Before.Keypairs, new() { Id = "3" }, new() { Id = "4" }] })).ErrorType.ShouldBe(RotationErrors.UnexpectedKeypair);
    }

    [Theory]
    [InlineData("2", "2", null, null)]
    [InlineData("1", "2", null, "serves a certificate of 1 instead of 2")]
    [InlineData("", "2", null, "an unknown CA")]
    [InlineData("2", "2,3", null, "accepts clients of [2, 3] instead of [2]")]
    [InlineData("2", "", null, "accepts clients of [] instead of [2]")]
    [InlineData("2", "2", "connection refused", "cannot be read: connection refused")]
    public void Compares_what_servers_show(string servedBy, string accepts, string? unreadable, string? difference)
    {
        var server = new ServerTrust { Node = "n1", Component = "kubelet", ServedBy = servedBy, Accepts = accepts.Split(',', StringSplitOptions.RemoveEmptyEntries), Unreadable = unreadable };
        IReadOnlyList<string> found = TrustCheck.OfServers(new(Before), new([server]));
        if (difference is null)
            found.ShouldBeEmpty();
        else
            found.ShouldHaveSingleItem().ShouldContain(difference);
    }

    [Fact]
    public void No_server_at_all_is_no_proof() => TrustCheck.OfServers(new(Before), new([])).ShouldBe(["no server was found"]);
}
