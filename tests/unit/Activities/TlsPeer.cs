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
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly Func<string, (string Status, string Body)> _answer;

    public TlsPeer(TestKeypair issuer, IReadOnlyList<TestKeypair> accepts, string name = "kubernetes", string answer = "200 OK", SslProtocols protocols = SslProtocols.None)
        : this(issuer, accepts, name, _ => (answer, ""), protocols)
    {
    }

    /// <summary>Answers by <paramref name="answer"/>, which gets "METHOD PATH" and gives status and body.</summary>
    public TlsPeer(TestKeypair issuer, IReadOnlyList<TestKeypair> accepts, string name, Func<string, (string Status, string Body)> answer, SslProtocols protocols = SslProtocols.None)
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
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_tls);
                await AnswerAsync(tls);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // A client that only looks leaves after the handshake; one that is refused leaves too.
            }
        }
    }

    private async Task AnswerAsync(SslStream tls)
    {
        // One request a connection: its head, and a body that is read and not looked at.
        var buffer = new byte[64 * 1024];
        var request = "";
        while (!IsWhole(request))
        {
            int count = await tls.ReadAsync(buffer);
            if (count == 0)
                return;
            request += Encoding.ASCII.GetString(buffer, 0, count);
        }

        string[] words = request[..request.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
        (string status, string body) = _answer($"{words[0]} {words[1]}");
        await tls.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
    }

    private static bool IsWhole(string request)
    {
        int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        var length = System.Text.RegularExpressions.Regex.Match(request[..head], @"(?i)content-length: (\d+)");
        if (length.Success)
            return request.Length >= head + 4 + int.Parse(length.Groups[1].Value);
        return !request[..head].Contains("chunked", StringComparison.OrdinalIgnoreCase) || request.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}
