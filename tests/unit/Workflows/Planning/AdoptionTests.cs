using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Planning;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

/// <summary>A keyset is written as its keypairs, oldest first: <c>p</c> the primary, <c>t</c> trusted, <c>d</c> distrusted. Ids are 11, 12, …</summary>
public sealed class AdoptionTests
{
    private const string Ca = TrustCheck.ClusterCa;

    [Theory]
    [InlineData("p", "Fresh", "11", "")]
    [InlineData("dp", "Fresh", "12", "")]
    [InlineData("pd", "Fresh", "11", "")]
    [InlineData("pt", "Staged", "11", "12")]
    [InlineData("dpt", "Staged", "12", "13")]
    [InlineData("tpt", "Staged", "12", "13")]
    [InlineData("tp", "Promoted", "11", "12")]
    [InlineData("ttp", "Promoted", "12", "13")]
    [InlineData("dtp", "Promoted", "12", "13")]
    public void A_keyset_tells_how_far_it_has_come(string keypairs, string progress, string primaryBefore, string made)
    {
        FoundKeyset read = FoundKeyset.Read(Keyset(Ca, keypairs));

        (read.Progress.ToString(), read.Before.PrimaryId, read.Made?.Id ?? "").ShouldBe((progress, primaryBefore, made));
        read.Before.Keypairs.ShouldNotContain(k => k.Id == made);
    }

    [Fact]
    public void A_keypair_whose_key_is_missing_was_not_staged_to_be_promoted()
    {
        KeysetState keyset = Keyset(Ca, "pt");
        FoundKeyset.Read(keyset with { Keypairs = [.. keyset.Keypairs.Select(k => k with { HasPrivateKey = k.Id == "11" })] }).Progress.ShouldBe(KeysetProgress.Fresh);
    }

    // First the CA, then another keyset; servers serve and accept as the CA's ids say; nodes current or not.
    [Theory]
    [InlineData("pt", "pt", "11", "11,12", true, "2-export-ca")]
    [InlineData("pt", "pt", "11", "11,12", false, "1-stage")]
    [InlineData("pt", "pt", "11", "11", true, "1-stage")]
    [InlineData("pt", "p", "11", "11,12", true, "1-stage")]
    [InlineData("tp", "pt", "11", "11,12", false, "2-export-ca")]
    [InlineData("tp", "tp", "11", "11,12", false, "2-export-ca")]
    [InlineData("tp", "tp", "12", "11,12", false, "2-export-ca")]
    [InlineData("tp", "tp", "12", "11,12", true, "4-export-admin")]
    [InlineData("tp", "dp", "12", "11,12", true, "4-export-admin")]
    [InlineData("tp", "tp", "11", "11", false, "adopt-unsafe")]
    [InlineData("tp", "p", "12", "11,12", true, "adopt-mixed")]
    [InlineData("dp", "tp", "11", "11,12", false, "adopt-unsafe")]
    [InlineData("dp", "tp", "12", "12", false, "4-export-admin")]
    [InlineData("dp", "tp", "12", "12", true, "4-export-admin")]
    public void It_goes_on_where_it_is_safe_or_says_what_to_do(string ca, string other, string served, string accepted, bool current, string expected)
    {
        var servers = new TrustMatrix([new() { Node = "n", Component = "kubelet", ServedBy = served, Accepts = accepted.Split(',') }]);

        Adoption adoption = Adoption.Read([Keyset("etcd-peers-ca-main", other), Keyset(Ca, ca)]).Decide(current, servers);

        if (expected.StartsWith("adopt-", StringComparison.Ordinal))
            adoption.Findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Check.ShouldBe(expected), f => f.Severity.ShouldBe(FindingSeverity.Error));
        else
            (adoption.FirstStep, adoption.Findings.Any(f => f.Severity == FindingSeverity.Error)).ShouldBe((expected, false));
    }

    [Fact]
    public void A_keyset_that_was_rotated_long_before_is_not_taken_for_the_end_of_this_rotation()
    {
        KeysetState old = Keyset("etcd-peers-ca-main", "dp");
        old = old with { Keypairs = [.. old.Keypairs.Select(k => k with { NotBefore = k.NotBefore.AddYears(-1) })] };

        Adoption.Read([old, Keyset(Ca, "tp")]).Keysets[0].Progress.ShouldBe(KeysetProgress.Fresh);
    }

    [Fact]
    public void The_way_back_of_a_keyset_that_was_distrusted_leads_to_what_was_trusted()
    {
        FoundKeyset read = Adoption.Read([Keyset("etcd-peers-ca-main", "ddp"), Keyset(Ca, "tp")]).Keysets[0];

        read.Progress.ShouldBe(KeysetProgress.Distrusted);
        read.Before.PrimaryId.ShouldBe("12");
        read.Before.TrustedIds().ShouldBe(["12"]);
    }

    [Fact]
    public void What_was_found_is_told_to_the_approvers()
    {
        Adoption adoption = Adoption.Read([Keyset(Ca, "pt")]).Decide(true, null);

        Finding finding = adoption.Findings.ShouldHaveSingleItem();
        finding.Severity.ShouldBe(FindingSeverity.Warning);
        finding.Message.ShouldContain("12, made on 2026-11-20, is staged");
        finding.Message.ShouldContain("\"adopt\": false");
    }

    private static KeysetState Keyset(string name, string keypairs) => new()
    {
        Name = name,
        PrimaryId = $"{11 + keypairs.IndexOf('p', StringComparison.Ordinal)}",
        Keypairs = [.. keypairs.Select((k, i) => new KeypairState { Id = $"{11 + i}", Distrusted = k == 'd', HasPrivateKey = true, NotBefore = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero) })],
    };
}
