using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Notifications;

/// <summary>Posts messages to webhooks and tries again what may pass. No address, header or answer's body is in what it says: each may be or hold a secret.</summary>
internal sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly NotificationOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookSender(NotificationOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // A redirect would carry headers and body to an address that nobody configured.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false }) { Timeout = options.Timeout };
    }

    /// <summary>True for https, and for http on this host.</summary>
    public static bool IsAllowed(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length == 0 && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>Sends a message. Returns null when it was taken, otherwise why not.</summary>
    public async Task<string?> SendAsync(NotifierOptions notifier, Notification notification, CancellationToken ct)
    {
        // Read now and not at start: a key that was replaced counts at once.
        if (!notifier.Url.TryRead(out string url, out string? problem) || (!notifier.Authorization.IsUnset && !notifier.Authorization.TryRead(out _, out problem)) || (!notifier.SigningKey.IsUnset && !notifier.SigningKey.TryRead(out _, out problem)))
            return problem;
        if (!IsAllowed(url))
            return "has no https address any more";
        byte[] body = Encoding.UTF8.GetBytes(MessageBody.For(notifier, notification));
        for (int attempt = 1; ; attempt++)
        {
            Outcome outcome = await TryAsync(notifier, url, notification.Id, body, ct).ConfigureAwait(false);
            if (outcome.Problem is null || !outcome.MayPass || attempt == _options.Attempts)
                return outcome.Problem is null ? null : $"{outcome.Problem} ({attempt} {(attempt == 1 ? "try" : "tries")})";
            await Task.Delay(WaitAfter(attempt, outcome.AskedWait), _time, ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static TimeSpan WaitAfter(int attempt, TimeSpan? asked)
    {
        TimeSpan wait = asked ?? (FirstWait * Math.Pow(2, attempt - 1));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    private async Task<Outcome> TryAsync(NotifierOptions notifier, string url, string id, byte[] body, CancellationToken ct)
    {
        try
        {
            using HttpRequestMessage request = RequestFor(notifier, url, id, body);
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Outcome.Taken : new($"answered {(int)response.StatusCode}", MayPass(response.StatusCode), AskedWait(response));
        }
        catch (HttpRequestException e)
        {
            return new($"cannot be reached: {e.HttpRequestError}", MayPass: true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new($"did not answer within {_options.Timeout.TotalSeconds:0.#} s", MayPass: true);
        }
    }

    private static HttpRequestMessage RequestFor(NotifierOptions notifier, string url, string id, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("X-Rotation-Id", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))));
        if (!notifier.Authorization.IsUnset && notifier.Authorization.TryRead(out string authorization, out _))
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (!notifier.SigningKey.IsUnset && notifier.SigningKey.TryRead(out string key, out _))
            request.Headers.TryAddWithoutValidation("X-Rotation-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body))}");
        return request;
    }

    private static bool MayPass(HttpStatusCode status) => (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    private TimeSpan? AskedWait(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private readonly record struct Outcome(string? Problem, bool MayPass = false, TimeSpan? AskedWait = null)
    {
        public static Outcome Taken => new(null);
    }
}
