namespace Rotation.Worker.Hosting;

/// <summary>How a worker runs. Bound from the section <c>Rotation:Worker</c>. Validated at start, all errors at once.</summary>
public sealed class WorkerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation:Worker";

    /// <summary>
    /// Where <c>/live</c>, <c>/ready</c> and <c>/metrics</c> (Prometheus) are answered: http, an IP address or localhost, and a port, such as <c>http://127.0.0.1:9464</c>, or
    /// <c>http://0.0.0.0:9464</c> in a pod. Default: none, nothing is answered.
    /// </summary>
    public string? Listen { get; set; }

    /// <summary>Activities that run at once. Default 100; 1 to 10000. A kops that runs takes about 200 MB of its own.</summary>
    public int Activities { get; set; } = 100;

    /// <summary>Workflow tasks that run at once; each takes milliseconds. Default 100; 2 to 10000.</summary>
    public int WorkflowTasks { get; set; } = 100;

    /// <summary>Rotations, rolls and locks that are kept in memory between their tasks; others are replayed from their histories. Default 1000; 2 to 100000.</summary>
    public int CachedWorkflows { get; set; } = 1000;

    /// <summary>Connections that wait for activities. Default 5; 1 to 100.</summary>
    public int ActivityPollers { get; set; } = 5;

    /// <summary>Connections that wait for workflow tasks. Default 5; 2 to 100.</summary>
    public int WorkflowPollers { get; set; } = 5;

    /// <summary>How long running activities have to finish or hand over when the worker is told to stop. Default 20 seconds; at most an hour. Keep the pod's or unit's own grace longer.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Name of the worker deployment, with which rotations stay on the build that they began on (Temporal's worker versioning). Needs a server that has worker deployments; the
    /// embedded one has not. Default: none, every worker takes every rotation.
    /// </summary>
    public string? Deployment { get; set; }

    /// <summary>With <see cref="Deployment"/>: build id of this worker. Default: the version of the executable.</summary>
    public string? BuildId { get; set; }

    /// <summary>How logs are written: <c>text</c>, or <c>json</c>, one object a line. Default <c>text</c>.</summary>
    public string LogFormat { get; set; } = "text";

    /// <summary>How often open rotations are looked at for the gauges. Default 30 seconds; 1 second to an hour.</summary>
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(30);
}
