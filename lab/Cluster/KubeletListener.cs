using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rotation.Lab.Cluster;

/// <summary>A kubelet's TLS port without a web server behind it, because a lab has up to 1,000: one answer a connection, 200 or 401.</summary>
internal sealed class KubeletListener : IAsyncDisposable
{
    private static readonly TimeSpan ConnectionLimit = TimeSpan.FromSeconds(10);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TrustBundle _clients;
    private readonly Lazy<SslServerAuthenticationOptions> _tls;
    private readonly Task _accepting;

    public KubeletListener(X509Certificate2 certificate, TrustBundle clients)
    {
        Certificate = certificate;
        _clients = clients;
        _tls = new(() => ServerTls.Options(certificate, clients));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Served here, and what the kubelet shows to the API server.</summary>
    public X509Certificate2 Certificate { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(ConnectionLimit);
        try
        {
            using (client)
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_tls.Value, limit.Token).ConfigureAwait(false);
                var request = new byte[4096];
                if (await tls.ReadAsync(request, limit.Token).ConfigureAwait(false) == 0)
                    return;
                await tls.WriteAsync(Encoding.ASCII.GetBytes(Answer(tls.RemoteCertificate as X509Certificate2)), limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            // The peer broke off, which is its right: it may have refused our certificate.
        }
    }

    private string Answer(X509Certificate2? client)
    {
        var known = client is not null && _clients.Verifies(client, out _);
        var (status, body) = known ? ("200 OK", "ok") : ("401 Unauthorized", "Unauthorized");
        return $"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }
}
