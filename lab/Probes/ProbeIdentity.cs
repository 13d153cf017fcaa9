using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Probes;

/// <summary>One credential with what it trusts and whom it asks. Holds a pooled client and one that connects anew for each request.</summary>
internal sealed class ProbeIdentity : IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);
    private readonly TrustBundle _bundle;
    private readonly string _serverName;
    private readonly HttpClient _pooled;
    private readonly HttpClient _anew;

    public ProbeIdentity(string name, Uri url, TrustBundle bundle, string serverName, X509Certificate2? certificate, string? token)
    {
        (Name, Url, _bundle, _serverName) = (name, url, bundle, serverName);
        _pooled = Client(certificate, token, keep: true);
        _anew = Client(certificate, token, keep: false);
    }

    public string Name { get; }

    public Uri Url { get; }

    /// <summary>Whether the holder of the credential is still there; a request that fails after its pod or node ended is no failure.</summary>
    public Func<bool> Rightful { get; init; } = () => true;

    /// <summary>Issuer of the last certificate that the server showed.</summary>
    public string IssuerSeen { get; private set; } = "";

    /// <summary>Why this side refused the server in the last handshake, or empty.</summary>
    public string Refusal { get; private set; } = "";

    public Task<HttpResponseMessage> GetAsync(bool anew, CancellationToken cancel) => (anew ? _anew : _pooled).GetAsync(Url, cancel);

    public Task<HttpResponseMessage> PostAsync(HttpContent body, CancellationToken cancel) => _anew.PostAsync(Url, body, cancel);

    public void Dispose()
    {
        _pooled.Dispose();
        _anew.Dispose();
    }

    private HttpClient Client(X509Certificate2? certificate, string? token, bool keep)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = keep ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = _serverName,
                RemoteCertificateValidationCallback = (_, served, _, _) => Judge(served),
                // Shows the certificate whatever CAs the server names, as client-go does.
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
                ClientCertificates = certificate is null ? null : [certificate],
            },
        };
        var client = new HttpClient(handler) { Timeout = RequestLimit };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private bool Judge(X509Certificate? served)
    {
        Refusal = "the server showed no certificate";
        if (served is not X509Certificate2 certificate)
            return false;
        IssuerSeen = certificate.Issuer;
        Refusal = !_bundle.Verifies(certificate, out var reason) ? $"the client does not trust the server's issuer: {reason}"
            : !certificate.MatchesHostname(_serverName) ? $"the certificate is not for {_serverName}" : "";
        return Refusal.Length == 0;
    }
}
