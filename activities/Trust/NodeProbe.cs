using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Trust;

/// <summary>What a TLS server said in its handshake.</summary>
/// <param name="Served">The certificate it serves.</param>
/// <param name="AcceptableIssuers">Subjects of the CAs whose client certificates it says it accepts.</param>
internal sealed record Handshake(X509Certificate2 Served, IReadOnlyList<string> AcceptableIssuers);

/// <summary>Makes a TLS handshake without a client certificate, only to look: nothing is sent after it.</summary>
internal sealed class NodeProbe(RotationOptions options)
{
    /// <summary>Looks at a server.</summary>
    /// <exception cref="IOException">It cannot be reached or ended the handshake.</exception>
    public async Task<Handshake> LookAsync(IPEndPoint server, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(options.Deadlines.Handshake);
        X509Certificate2? served = null;
        string[] issuers = [];
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(server, limited.Token).ConfigureAwait(false);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(Look(c => served = c, i => issuers = i), limited.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (served is null && e is AuthenticationException or SocketException)
        {
            throw new IOException(e.Message, e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"no handshake within {options.Deadlines.Handshake.TotalSeconds} s");
        }

        return new(served ?? throw new IOException("it served no certificate"), issuers);
    }

    private static SslClientAuthenticationOptions Look(Action<X509Certificate2> onServed, Action<string[]> onIssuers) => new()
    {
        TargetHost = "kubernetes",
#pragma warning disable CA5359 // We look at whatever certificate is served; nothing is sent or believed on this connection.
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (certificate is not null)
                onServed(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
            return true;
        },
#pragma warning restore CA5359
        LocalCertificateSelectionCallback = (_, _, _, _, acceptable) =>
        {
            if (acceptable.Length > 0)
                onIssuers(acceptable);
            return null!;
        },
    };
}
