namespace Rotation.DevServer.Transport;

/// <summary>How the server listens. It listens on 127.0.0.1 only, always: whoever needs more runs Temporal.</summary>
internal sealed record TransportOptions
{
    /// <summary>TCP port on loopback; 0 (default) takes any free one. 0 to 65535.</summary>
    public int Port { get; init; }

    /// <summary>TCP port on loopback for <c>/healthz</c> and <c>/metrics</c>; 0 takes any free one, null (default): there is none.</summary>
    public int? StatusPort { get; init; }

    /// <summary>Largest request in bytes, after decompression. Default 4 MiB, as the real server; larger ones get RESOURCE_EXHAUSTED.</summary>
    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Concurrent calls on one connection; each poll and long poll holds one. Default 10,000.</summary>
    public int MaxStreamsPerConnection { get; init; } = 10_000;

    /// <summary>After this long without traffic a connection is pinged. Default 15 seconds.</summary>
    public TimeSpan PingAfterSilence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A connection that does not answer a ping this long is dropped, with its polls. Default 10 seconds.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
