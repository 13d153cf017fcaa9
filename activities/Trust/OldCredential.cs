using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Trust;

/// <summary>Tries a client certificate on an API server, whatever certificate that serves: the question is only whether we are let in.</summary>
internal sealed class OldCredential(RotationOptions options)
{
    /// <summary>Whether it was refused, and how. Being unreachable is not being refused.</summary>
    public async Task<(bool Refused, string How)> TryAsync(IPEndPoint server, X509Certificate2 credential, CancellationToken ct)
    {
        bool handshake = false;
        using var handler = new SocketsHttpHandler { ConnectTimeout = options.Deadlines.Handshake, SslOptions = Options(credential, () => handshake = true) };
        using var http = new HttpClient(handler) { Timeout = options.Deadlines.Call };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"https://{server}/api/v1/namespaces/kube-system"), ct).ConfigureAwait(false);
            bool refused = answer.StatusCode == HttpStatusCode.Unauthorized;
            return (refused, refused ? "401" : $"answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException || (handshake && e.InnerException is IOException))
        {
            // TLS 1.3 sends the refusal after the client's last flight, so that it arrives while the answer is awaited.
            return (true, $"TLS: {Innermost(e).Message}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (false, $"not reached: {Innermost(e).Message}");
        }
    }

    private static SslClientAuthenticationOptions Options(X509Certificate2 credential, Action onServed) => new()
    {
        ClientCertificates = [credential],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => credential,
#pragma warning disable CA5359 // The old bundle does not trust the new server; what we ask is the other direction.
        RemoteCertificateValidationCallback = (_, _, _, _) =>
        {
            onServed();
            return true;
        },
#pragma warning restore CA5359
    };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
