using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Activities.Approvals;
using Rotation.Activities.Hosting;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Approvals;

public sealed class ApprovalOptionsTests
{
    [Theory]
    [InlineData("MaxLifetime", "00:00:00", "is 00:00:00; it must be more than 0")]
    [InlineData("MaxLifetime", "2.00:00:00", "at most a day")]
    [InlineData("ClockSkew", "01:00:00", "it must be 0 to five minutes")]
    [InlineData("Required", "true", "there is nobody who could sign")]
    [InlineData("Approvers:alice:0", "alice.pub", "must be an absolute path")]
    [InlineData("Approvers:alice:0", "/there/is/none", "cannot be read")]
    [InlineData("Approvers:alice:0", "/etc/passwd", "is no Ed25519 public key in PEM")]
    public void A_bad_setting_is_named(string key, string value, string words) => ProblemsOf((key, value)).ShouldHaveSingleItem().ShouldContain(words);

    [Fact]
    public void An_empty_issuer_is_wrong_in_every_field_at_once()
    {
        IReadOnlyList<string> problems = ProblemsOf(("Issuers:idp:ApproverClaim", ""), ("Issuers:idp:JwksFile", "x"));

        problems.Count.ShouldBe(5);
        problems.ShouldAllBe(p => p.Contains("(in the environment: Rotation__Approvals__Issuers__idp__"));
    }

    [Fact]
    public void A_private_key_in_place_of_a_public_one_is_refused_without_showing_it()
    {
        using var folder = new TempFolder();
        string pem = ApprovalDesk.PrivatePem(new(new Org.BouncyCastle.Security.SecureRandom()));
        File.WriteAllText(folder.Combine("key.pem"), pem);

        string problem = ProblemsOf(("Approvers:alice:0", folder.Combine("key.pem"))).ShouldHaveSingleItem();

        problem.ShouldContain("is no Ed25519 public key in PEM");
        problem.ShouldNotContain(pem.Split('\n')[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----")]
    public void Signing_with_what_is_no_key_says_how_to_make_one(string pem) =>
        Should.Throw<FormatException>(() => ApprovalSigner.Sign(pem, new("a", "b", "c", "d", TimeSpan.FromMinutes(1)), DateTimeOffset.UnixEpoch)).Message.ShouldContain("openssl genpkey -algorithm ed25519");

    private static IReadOnlyList<string> ProblemsOf(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Rotation:Approvals:{s.Key}", (string?)s.Value))).Build();
        using ServiceProvider services = new ServiceCollection().AddRotationActivities(configuration).BuildServiceProvider();
        return [.. Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<ApprovalOptions>>().Value).Failures];
    }
}
