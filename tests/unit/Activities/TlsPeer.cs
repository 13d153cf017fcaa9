using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rotation.Tests.Unit.Activities;

/// <summary>A TLS server with a certificate of one CA that asks for client certificates of others, and answers every request with one status.</summary>
internal sealed class TlsPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly string _answer;

    public TlsPeer(TestKeypair issuer, IReadOnlyList<TestKeypair> accepts, string name = "kubernetes", string answer = "HTTP/1.1 200 OK", SslProtocols protocols = SslProtocols.None)
    {
        X509Certificate2Collection trusted = [.. accepts.Select(k => k.Certificate)];
        _answer = answer;
        _tls = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(issuer.Issue(name), null, offline: true, SslCertificateTrust.CreateForX509Collection(trusted, sendTrustInHandshake: true)),
            ClientCertificateRequired = true,
            EnabledSslProtocols = protocols,
            // As a kube-apiserver: no certificate is fine, one of an unknown CA is not.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null || accepts.Any(a => certificate.Issuer == a.Certificate.Subject),
        };
        _listener.Start();
        _serving = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_tls);
                _ = await tls.ReadAsync(new byte[4096]);
                await tls.WriteAsync(Encoding.ASCII.GetBytes(_answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException && !_listener.Server.IsBound)
            {
                return;
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // A client that only looks leaves after the handshake; one that is refused leaves too.
            }
        }
    }
}
