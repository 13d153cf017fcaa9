using System.Net;
using System.Net.Sockets;

namespace Rotation.Lab.Cluster;

/// <summary>One API server behind the load balancer.</summary>
/// <param name="InstanceId">Its instance.</param>
/// <param name="Port">Its port on the loopback address.</param>
/// <param name="IsHealthy">Whether its health check answers now.</param>
internal sealed record ApiTarget(string InstanceId, int Port, Func<bool> IsHealthy);

/// <summary>
/// TCP load balancer: passes each new connection to the next healthy registered target, or, as a network load balancer does, to any registered one when
/// none is healthy. Deregistration leaves open connections alone; the server behind ends them.
/// </summary>
internal sealed class ApiLoadBalancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<ApiTarget> _targets = [];
    private readonly Task _accepting;
    private int _turn;

    public ApiLoadBalancer()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    /// <summary>Name of the classic load balancer that the cluster asks for; null: it is a network load balancer with a target group.</summary>
    public string? ClassicName { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<ApiTarget> Targets
    {
        get
        {
            lock (_lock)
                return [.. _targets];
        }
    }

    public void Register(ApiTarget target)
    {
        lock (_lock)
            _targets.Add(target);
    }

    public bool Deregister(string instanceId)
    {
        lock (_lock)
            return _targets.RemoveAll(t => t.InstanceId == instanceId) > 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private ApiTarget? Next(HashSet<string> tried)
    {
        lock (_lock)
        {
            var open = _targets.Where(t => !tried.Contains(t.InstanceId)).ToList();
            var healthy = open.Where(t => t.IsHealthy()).ToList();
            var choice = healthy.Count > 0 ? healthy : open;
            return choice.Count == 0 ? null : choice[_turn++ % choice.Count];
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        {
            using var server = await ConnectAsync().ConfigureAwait(false);
            if (server is null)
                return;
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(
                CopyAsync(client, server),
                CopyAsync(server, client)).ConfigureAwait(false);
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        while (Next(tried) is { } target)
        {
            tried.Add(target.InstanceId);
            var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target.Port, _stop.Token).ConfigureAwait(false);
                return server;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // A target that refuses the connection is passed over, as its failing health check would soon have it.
                server.Dispose();
            }
        }

        return null;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token).ConfigureAwait(false);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side broke: the other side must see that, not wait.
            from.Close();
            to.Close();
        }
    }
}
