using Rotation.Lab.Kops.CommandLine;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops;

/// <summary>One run of the emulator: what it was asked, and where it answers.</summary>
internal sealed class KopsCall(ParsedCommand command, IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors, KopsFaults faults, CancellationToken cancel)
{
    private IStateFiles? _state;
    private string? _context;
    private string? _configured;

    public ParsedCommand Command => command;

    public TextWriter Output => output;

    public TextWriter Errors => errors;

    public Klog Log { get; } = new(errors);

    public KopsFaults Faults => faults;

    /// <summary>Ends a command that takes long.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>The kubeconfig that kops uses unless a command is given another.</summary>
    public KubeconfigFile Kubeconfig => KubeconfigFile.Default(Variable, Missing);

    /// <summary>Another kubeconfig.</summary>
    public KubeconfigFile KubeconfigAt(string path) => new(path, Missing);

    public string? Variable(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Reads kops' own settings, as it does before each command that does something.</summary>
    public void Configure() => _configured = ConfigFile.StateStore(this);

    /// <summary>Name of the cluster, from <c>--name</c>, <c>KOPS_CLUSTER_NAME</c> or the context of the kubeconfig, for a command that takes other arguments.</summary>
    public string ClusterName()
    {
        if (command.Flag("name") is { Length: > 0 } name)
            return name;
        if (_context is not null)
            return _context;
        (string? problem, string? cluster) = Kubeconfig.CurrentCluster();
        if (problem is not null)
            Log.Warning(problem[..problem.IndexOf('\n', StringComparison.Ordinal)], problem[(problem.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        if (cluster is null)
            throw Usage("--name is required");
        errors.Write($"Using cluster from kubectl context: {cluster}\n\n");
        return _context = cluster;
    }

    /// <summary>Name of the cluster for a command whose one argument may be it.</summary>
    public string ClusterNameOrArgument()
    {
        string? named = command.Flag("name") is { Length: > 0 } name ? name : null;
        if (command.Arguments.Count == 0)
            return ClusterName();
        if (command.Arguments is [var only] && named is null)
            return only.Length > 0 ? only : ClusterName();
        output.Write("\nFound multiple arguments which look like a cluster name\n");
        if (named is not null)
            output.Write($"\t{GoText.Quoted(named)} (via flag)\n");
        foreach (string argument in command.Arguments)
            output.Write($"\t{GoText.Quoted(argument)} (as argument)\n");
        output.Write("\nThis often happens if you specify an argument to a boolean flag without using =\nFor example: use `--bastion=true` or `--bastion`, not `--bastion true`\n\n");
        throw Usage(command.Arguments.Count == 1 ? "cannot specify cluster via --name and positional argument" : "expected a single <clustername> to be passed as an argument");
    }

    /// <summary>The state store. Throws <see cref="KopsError"/> when it is not named, or of a kind that the emulator does not have.</summary>
    public IStateFiles State()
    {
        if (_state is not null)
            return _state;
        string address = (command.IsGiven("state") ? command.Flag("state") : Variable("KOPS_STATE_STORE") ?? _configured) is { Length: > 0 } given ? given : throw new KopsError(
            "State Store: Required value: Please set the --state flag or export KOPS_STATE_STORE.\nFor example, a valid value follows the format s3://<bucket>.\nYou can find the supported stores in https://kops.sigs.k8s.io/state.");
        _state = StateFiles.Open(address.EndsWith('/') ? address[..^1] : address, environment);
        if (address.StartsWith("file://", StringComparison.Ordinal))
            Log.Warning("factory.go:134", "The local filesystem state store is not functional for running clusters");
        return _state;
    }

    /// <summary>Fails unless the output format is one that kops knows, with kops' words for it.</summary>
    public string Format(string problem = "unknown output format", params string[] more) =>
        command.Flag("output") is var format && (format is "table" or "yaml" or "json" || more.Contains(format)) ? format! : throw new KopsError($"{problem}: {GoText.Quoted(format ?? "")}");

    /// <summary>Fails when a flag is given that kops has and the emulator does not: ignoring it would be a wrong answer.</summary>
    public void Refuse(params string[] flags)
    {
        if (flags.FirstOrDefault(f => command.IsGiven(f) && command.Flag(f) is not ("" or "false" or null)) is { } flag)
            throw new KopsError($"the lab's kops does not have --{flag} of \"{string.Join(' ', command.Page.Words)}\"");
    }

    // Where KUBECONFIG is set kops warns of a kubeconfig that is not there, be it that one or another.
    private void Missing(string path)
    {
        if (Variable("KUBECONFIG") is not null)
            Log.Warning("loader.go:222", $"Config not found: {path}");
    }

    /// <summary>A failure with the command's usage after it.</summary>
    public KopsError Usage(string message) => new(message) { Usage = command.Page.Usage };
}
