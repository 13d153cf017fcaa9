using System.Text;
using k8s.Models;
using Rotation.Activities.Trust;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class TokenUsageTests
{
    private static readonly KeysetState Keyset = new() { Name = "service-account", PrimaryId = "12", Jwks = [new("12", "new", "RS256"), new("11", "old", "RS256")] };

    [Fact]
    public void The_longest_life_of_a_mounted_token_is_what_the_old_key_must_outlive()
    {
        TokenUsage usage = UsageActivities.Describe([Pod(3607), Pod(86400, null), Pod(), new()], [], null, Keyset);

        (usage.PodsWithTokens, usage.LongestLife).ShouldBe((2, KopsDuration.FromHours(24)));
    }

    [Fact]
    public void A_volume_that_does_not_say_gets_an_hour() => UsageActivities.Describe([Pod([null])], [], null, Keyset).LongestLife.ShouldBe(KopsDuration.FromHours(1));

    [Fact]
    public void Tokens_in_Secrets_are_counted_by_the_keypair_that_signed_them()
    {
        TokenUsage usage = UsageActivities.Describe([], [Secret("b", "old"), Secret("a", "old"), Secret("c", "new"), Secret("d", "gone"), Secret("e", null)], null, Keyset);

        usage.InSecrets.Select(t => $"{t.KeypairId}: {string.Join(' ', t.Secrets)} {t.Count}").ShouldBe([": ns/d ns/e 2", "11: ns/a ns/b 2", "12: ns/c 1"]);
    }

    [Fact]
    public void Other_Secrets_are_not_looked_at()
    {
        V1Secret other = Secret("a", "old");
        other.Type = "Opaque";
        UsageActivities.Describe([], [other], null, Keyset).InSecrets.ShouldBeEmpty();
    }

    [Fact]
    public void Requests_with_stale_tokens_are_summed()
    {
        const string Metrics = "# HELP serviceaccount_stale_tokens_total Cumulative\nserviceaccount_stale_tokens_total{a=\"b\"} 3\nserviceaccount_stale_tokens_total 4\nserviceaccount_valid_tokens_total 99\n";
        UsageActivities.Describe([], [], Metrics, Keyset).StaleRequests.ShouldBe(7);
        UsageActivities.Describe([], [], null, Keyset).StaleRequests.ShouldBeNull();
    }

    private static V1Pod Pod(params long?[] seconds) => new()
    {
        Spec = new() { Volumes = [.. seconds.Select(s => new V1Volume { Projected = new() { Sources = [new() { ServiceAccountToken = new() { ExpirationSeconds = s } }] } })] },
    };

    private static V1Secret Secret(string name, string? kid) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = "ns" },
        Type = "kubernetes.io/service-account-token",
        Data = new Dictionary<string, byte[]> { ["token"] = Encoding.ASCII.GetBytes(kid is null ? "no token" : $"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"kid\":\"{kid}\"}}")).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.e30.x") },
    };
}
