using System.Security.Authentication;

namespace Rotation.Lab.Probes;

/// <summary>Gives the credential for the next request; null while there is none, for instance no pod runs.</summary>
internal interface IProbeSource : IDisposable
{
    Task<ProbeIdentity?> NextAsync(CancellationToken cancel);
}

/// <summary>
/// Makes requests of one class at a steady rate, one after another; what slow answers held up is made good. Every other one on a new connection: a pooled one
/// proves nothing about trust.
/// </summary>
internal sealed class ProbeClient(string name, IProbeSource source, double requestsPerSecond, TimeProvider time) : IDisposable
{
    // More than that is let go: a server that comes back is not met by all that its absence held up.
    private static readonly TimeSpan MostHeldUp = TimeSpan.FromSeconds(2);
    private readonly TimeSpan _period = TimeSpan.FromSeconds(1 / requestsPerSecond);
    private readonly long _start = time.GetTimestamp();

    public ProbeCounter Counter { get; } = new(name);

    public async Task RunAsync(CancellationToken cancel)
    {
        var due = _period;
        for (var anew = true; ; anew = !anew, due += _period)
        {
            due = await WaitAsync(due, cancel).ConfigureAwait(false);
            if (await source.NextAsync(cancel).ConfigureAwait(false) is not { } identity)
                continue;
            var failure = await AskAsync(identity, anew, cancel).ConfigureAwait(false);
            if (failure is null || identity.Rightful())
                Counter.Add(failure);
        }
    }

    public void Dispose() => source.Dispose();

    /// <summary>Waits until a time since the start; returns that time, or a later one when it is too long ago.</summary>
    private async Task<TimeSpan> WaitAsync(TimeSpan due, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var late = time.GetElapsedTime(_start) - due;
        if (late < TimeSpan.Zero)
            await Task.Delay(-late, time, cancel).ConfigureAwait(false);
        return late > MostHeldUp ? due + late - MostHeldUp : due;
    }

    private async Task<ProbeFailure?> AskAsync(ProbeIdentity identity, bool anew, CancellationToken cancel)
    {
        var failure = new ProbeFailure { At = time.GetUtcNow(), Client = identity.Name, Server = identity.Url.Authority };
        try
        {
            using var answer = await identity.GetAsync(anew, cancel).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return null;
            var said = answer.Headers.TryGetValues("X-Lab-Reason", out var reasons) ? string.Join(' ', reasons) : answer.ReasonPhrase;
            var server = answer.Headers.TryGetValues("X-Lab-Server", out var servers) ? servers.First() : failure.Server;
            return failure with { Server = server, Issuer = identity.IssuerSeen, Kind = $"http-{(int)answer.StatusCode}", Reason = said ?? "" };
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException && identity.Refusal.Length > 0)
        {
            return failure with { Issuer = identity.IssuerSeen, Kind = "client-refused-server", Reason = identity.Refusal };
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return failure with { Issuer = identity.IssuerSeen, Kind = ProbeFailure.NoAnswer, Reason = (e.InnerException ?? e).Message };
        }
    }
}
