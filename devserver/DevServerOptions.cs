namespace Rotation.DevServer;

/// <summary>Everything one may choose about an embedded server. Immutable; the defaults make a private server in memory on a free port.</summary>
public sealed record DevServerOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 (default) takes a free one. Other addresses are not offered: whoever needs more runs Temporal.</summary>
    public int Port { get; init; }

    /// <summary>TCP port on 127.0.0.1 for <c>/healthz</c> and <c>/metrics</c> over HTTP/1.1; 0 takes a free one. Null (default): there is none.</summary>
    public int? StatusPort { get; init; }

    /// <summary>
    /// File that keeps everything, made when it is not there; one process at a time. Null (default): in memory, gone when the server stops.
    /// </summary>
    public string? DatabasePath { get; init; }

    /// <summary>Namespaces the server has; at least one. Default: <c>default</c>.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = ["default"];

    /// <summary>Search attributes every namespace gets at the start, by name, with the type as <c>temporal</c> calls it (<c>Keyword</c>, <c>Int</c>, …). Default: none.</summary>
    public IReadOnlyDictionary<string, string> SearchAttributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Events after which a run is terminated. Default 51,200, as the real server.</summary>
    public int MaxHistoryEvents { get; init; } = 50 * 1024;

    /// <summary>Bytes of history after which a run is terminated. Default 50 MiB, as the real server.</summary>
    public long MaxHistoryBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>How long closed executions are kept. Default 3 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How often executions past their time are looked for. Default one minute. Never with <see cref="TimeSkipping"/>: its days pass in an instant.</summary>
    public TimeSpan RetentionSweep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest request in bytes. Default 4 MiB, as the real server.</summary>
    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Whether the test service is there, with which a test lets time jump to the next timer while nobody works. Default false. Real servers
    /// have none.
    /// </summary>
    public bool TimeSkipping { get; init; }

    /// <summary>
    /// Whether a worker that stops gets its outstanding polls answered at once, so that no task is lost on the way. Default true; real
    /// servers have it off by default, so tests turn it off to see that nothing depends on it.
    /// </summary>
    public bool CompletePollsOnWorkerShutdown { get; init; } = true;
}
