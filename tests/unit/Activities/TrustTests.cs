using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Hosting;
using Rotation.Activities.Nodes;
using Rotation.Activities.Trust;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Real handshakes with servers whose CA and trust the test knows.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly TestKeypair _old = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly TestKeypair _new = new("kubernetes-ca", 1_700_000_000_000_000_002);
    private readonly RotationOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_handshake_tells_who_issued_the_certificate_and_whose_clients_are_accepted(SslProtocols protocols)
    {
        await using var server = new TlsPeer(_old, [_old, _new], protocols: protocols);

        Handshake seen = await new NodeProbe(_options).LookAsync(server.Address, Token);

        KeypairNames names = Names();
        names.IssuerOf(seen.Served).ShouldBe(_old.Id);
        names.IdsOf(seen.AcceptableIssuers).ShouldBe([_old.Id, _new.Id]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_io_failure_and_nothing_else() =>
        await Should.ThrowAsync<IOException>(new NodeProbe(_options).LookAsync(new IPEndPoint(IPAddress.Loopback, 1), Token));

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task An_old_credential_is_refused_in_the_handshake_and_a_good_one_is_not(SslProtocols protocols)
    {
        await using var server = new TlsPeer(_new, [_new], protocols: protocols);
        using X509Certificate2 old = _old.Issue("admin");
        using X509Certificate2 good = _new.Issue("admin");
        var credential = new OldCredential(_options);

        (bool refused, string how) = await credential.TryAsync(server.Address, old, Token);
        (bool goodRefused, string goodHow) = await credential.TryAsync(server.Address, good, Token);

        refused.ShouldBeTrue(how);
        how.ShouldStartWith("TLS");
        goodRefused.ShouldBeFalse();
        goodHow.ShouldBe("answered 200");
    }

    [Fact]
    public async Task A_401_is_a_refusal_and_a_server_that_is_not_reached_is_not()
    {
        await using var server = new TlsPeer(_new, [_old, _new], answer: "401 Unauthorized");
        using X509Certificate2 old = _old.Issue("admin");
        var credential = new OldCredential(_options);

        (await credential.TryAsync(server.Address, old, Token)).ShouldBe((true, "401"));
        (await credential.TryAsync(new IPEndPoint(IPAddress.Loopback, 1), old, Token)).Refused.ShouldBeFalse();
    }

    [Fact]
    public void A_server_is_trusted_by_any_ca_of_the_bundle_and_only_by_its_name()
    {
        using X509Certificate2 served = _new.Issue("api.internal.test.example.com");

        ServerCertificates.IsTrusted(served, null, [_old.Certificate, _new.Certificate], "api.internal.test.example.com").ShouldBeTrue();
        ServerCertificates.IsTrusted(served, null, [_old.Certificate, _new.Certificate], "127.0.0.1").ShouldBeFalse();
        ServerCertificates.IsTrusted(served, null, [_old.Certificate], "api.internal.test.example.com").ShouldBeFalse();
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    private KeypairNames Names()
    {
        KeypairState[] keypairs = [.. new[] { _old, _new }.Select(k => new KeypairState { Id = k.Id, Subject = $"SERIALNUMBER={k.Id},CN=kubernetes-ca" })];
        return new(new KeysetState { Keypairs = keypairs }, [_old.Certificate, _new.Certificate]);
    }
}
