using Rotation.Activities.Ssh;

namespace Rotation.Activities.Hosting;

/// <summary>
/// What the worker knows and a payload never carries: binaries, addresses, sinks, deadlines. Bound from the section <c>Rotation</c>; in the environment
/// <c>Rotation__Kops__Path</c> and so on. Validated at start, all errors at once.
/// </summary>
public sealed class RotationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation";

    /// <summary>The kops binaries.</summary>
    public KopsOptions Kops { get; set; } = new();

    /// <summary>State store used when a request names none: <c>s3://bucket</c> or <c>file:///folder</c>. Default: <c>KOPS_STATE_STORE</c>.</summary>
    public string? StateStore { get; set; }

    /// <summary>Names of the sinks used when a request names none.</summary>
    public IList<string> DefaultSinks { get; } = [];

    /// <summary>The places kubeconfigs are delivered to, by name.</summary>
    public IDictionary<string, SinkOptions> Sinks { get; } = new Dictionary<string, SinkOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Files, absolute paths, with new content of secrets that people supply, by secret: <c>dockerConfig</c>.</summary>
    public IDictionary<string, string> SecretSources { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>CA certificates with keys that people supply instead of kops' own, by the name that a request uses.</summary>
    public IDictionary<string, SuppliedKeypairOptions> SuppliedKeypairs { get; } = new Dictionary<string, SuppliedKeypairOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is special about a cluster, by kOps cluster name.</summary>
    public IDictionary<string, ClusterOptions> Clusters { get; } = new Dictionary<string, ClusterOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How AWS is reached.</summary>
    public AwsOptions Aws { get; set; } = new();

    /// <summary>
    /// Folder, 0700, for locks and for the copies kept for the way back. It must survive the worker: a rollback days later reads it. Workers that serve
    /// the same clusters from several hosts need it shared. Default: <c>rotation</c> in the user's local application data.
    /// </summary>
    public string WorkDirectory { get; set; } = UserFolder.Path;

    /// <summary>How control-plane hosts are logged in to, for the legacy procedure.</summary>
    public SshOptions Ssh { get; set; } = new();

    /// <summary>How long things may take.</summary>
    public DeadlineOptions Deadlines { get; set; } = new();
}

/// <summary>The kops binaries.</summary>
public sealed class KopsOptions
{
    /// <summary>Path of the binary for clusters that no entry of <see cref="Binaries"/> serves; a bare name is looked up in <c>PATH</c>. Default <c>kops</c>.</summary>
    public string Path { get; set; } = "kops";

    /// <summary>Paths by version, such as <c>1.26.6</c>, or by minor version, such as <c>1.26</c>: several side by side.</summary>
    public IDictionary<string, string> Binaries { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>One supplied CA.</summary>
public sealed class SuppliedKeypairOptions
{
    /// <summary>Absolute path of the certificate, PEM.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>Absolute path of its private key, PEM, not encrypted.</summary>
    public string? KeyPath { get; set; }
}

/// <summary>What is special about one cluster.</summary>
public sealed class ClusterOptions
{
    /// <summary>
    /// <c>host:port</c> to connect to instead of the kubeconfig's server, where that name does not resolve: a tunnel or a port-forward. The certificate is still checked
    /// against the kubeconfig's name. Default: none.
    /// </summary>
    public string? ApiServerAddress { get; set; }

    /// <summary>Version of kops to use, a key of <see cref="KopsOptions.Binaries"/>. Default: <see cref="KopsOptions.Path"/>.</summary>
    public string? KopsVersion { get; set; }

    /// <summary>Control-plane hosts that the legacy procedure logs in to. Default: none.</summary>
    public IList<SshHostOptions> SshHosts { get; } = [];
}

/// <summary>How AWS is reached. Credentials come from the SDK's own chain.</summary>
public sealed class AwsOptions
{
    /// <summary>Endpoint instead of AWS' own. Default: <c>AWS_ENDPOINT_URL</c>, else none.</summary>
    public string? EndpointUrl { get; set; }

    /// <summary>Region. Default: that of the cluster's first zone.</summary>
    public string? Region { get; set; }
}

/// <summary>How long things may take. All lengths are positive and at most a day.</summary>
public sealed class DeadlineOptions
{
    /// <summary>A kops command that only reads. Default one minute.</summary>
    public TimeSpan KopsRead { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A kops command that changes one keyset or secret. Default two minutes.</summary>
    public TimeSpan KopsChange { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary><c>kops update cluster</c>. Default 15 minutes.</summary>
    public TimeSpan KopsUpdate { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long kops has to end after the first signal. Default ten seconds.</summary>
    public TimeSpan KopsGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>One call to a cloud, a cluster or a sink. Default 30 seconds.</summary>
    public TimeSpan Call { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>One TLS handshake with a node. Default five seconds.</summary>
    public TimeSpan Handshake { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two heartbeats and between two looks while waiting. Default one second.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);
}
