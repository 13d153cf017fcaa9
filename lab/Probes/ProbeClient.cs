using System.Security.Authentication;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Probes;

/// <summary>Gives the credential for the next request; null while there is none, for instance no pod runs.</summary>
internal interface IProbeSource : IDisposable
{
    Task<ProbeIdentity?> NextAsync(CancellationToken cancel);
}

/// <summary>Makes requests of one class at a steady rate. Every other one on a new connection: a pooled one proves nothing about trust.</summary>
internal sealed class ProbeClient(string name, IProbeSource source, double requestsPerSecond) : IDisposable
{
    public ProbeCounter Counter { get; } = new(name);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / requestsPerSecond));
        for (var anew = true; await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false); anew = !anew)
        {
            if (await source.NextAsync(cancel).ConfigureAwait(false) is not { } identity)
                continue;
            var failure = await AskAsync(identity, anew, cancel).ConfigureAwait(false);
            if (failure is null || identity.Rightful())
                Counter.Add(failure);
        }
    }

    public void Dispose() => source.Dispose();

    private static async Task<ProbeFailure?> AskAsync(ProbeIdentity identity, bool anew, CancellationToken cancel)
    {
        var failure = new ProbeFailure { At = LabClock.Now, Client = identity.Name, Server = identity.Url.Authority };
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
