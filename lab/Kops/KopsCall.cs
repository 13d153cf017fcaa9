using Rotation.Lab.Kops.CommandLine;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops;

/// <summary>One run of the emulator: what it was asked, and where it answers.</summary>
internal sealed class KopsCall(ParsedCommand command, IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors, KopsFaults faults, CancellationToken cancel)
{
    public ParsedCommand Command => command;

    public TextWriter Output => output;

    public TextWriter Errors => errors;

    public Klog Log { get; } = new(errors);

    public KopsFaults Faults => faults;

    /// <summary>Ends a command that takes long.</summary>
    public CancellationToken Cancel => cancel;

    public string? Variable(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Name of the cluster, from <c>--name</c>, the first argument where the command takes it, or <c>KOPS_CLUSTER_NAME</c>.</summary>
    public string ClusterName()
    {
        string? name = command.Flag("name") ?? (command.Page.TakesCluster ? (command.Arguments is [var first, ..] ? first : null) : null) ?? Variable("KOPS_CLUSTER_NAME");
        if (name is not null)
            return name;
        Log.Warning("root.go:309", "no context set in kubecfg");
        throw Usage("--name is required");
    }

    /// <summary>The state store. Throws <see cref="KopsError"/> when it is not named, or of a kind that the emulator does not have.</summary>
    public IStateFiles State() => StateFiles.Open(command.Flag("state") ?? Variable("KOPS_STATE_STORE") ?? throw new KopsError(
        "State Store: Required value: Please set the --state flag or export KOPS_STATE_STORE."), environment);

    /// <summary>A failure with the command's usage after it.</summary>
    public KopsError Usage(string message) => new(message) { Usage = command.Page.Usage };
}
