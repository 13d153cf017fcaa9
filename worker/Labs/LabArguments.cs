using System.CommandLine;
using System.Globalization;
using Rotation.Lab.Probes;
using Rotation.Worker.Commands;

namespace Rotation.Worker.Labs;

/// <summary>Options that describe a lab, for <c>demo</c> and <c>lab up</c>.</summary>
internal sealed class LabArguments
{
    public LabArguments(double speed)
    {
        Speed = new Option<double>("--speed") { Description = "How many times faster than real a node boots and drains.", DefaultValueFactory = _ => speed, HelpName = "X" };
        Nodes.Validators.Add(Check.Range(Nodes, 1, 1000));
        ControlPlane.Validators.Add(result =>
        {
            if (result.Tokens is [.., var token] && token.Value is not ("1" or "3" or "5"))
                result.AddError($"--control-plane is {token.Value}; it must be 1, 3 or 5.");
        });
        ProbeRate.Validators.Add(Check.Range(ProbeRate, 1, 1000));
        Groups.Validators.Add(Check.Range(Groups, 1, 50));
        Speed.Validators.Add(result =>
        {
            if (result.Tokens is [.., var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out double value) && !(value is >= 1 and <= 10_000))
                result.AddError($"--speed is {token.Value}; it must be 1 to 10000.");
        });
        StateStore.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } folder && !Directory.Exists(folder))
                result.AddError($"--state-store: there is no folder '{folder}'.");
        });
    }

    public Option<int> Nodes { get; } = new("--nodes") { Description = "Worker nodes in all.", DefaultValueFactory = _ => 3, HelpName = "N" };

    public Option<int> Groups { get; } = new("--groups") { Description = "Worker instance groups.", DefaultValueFactory = _ => 1, HelpName = "G" };

    public Option<int> ControlPlane { get; } = new("--control-plane") { Description = "Control-plane nodes, an instance group each: 1, 3 or 5.", DefaultValueFactory = _ => 3, HelpName = "N" };

    public Option<double> Speed { get; }

    public Option<string?> StateStore { get; } = new("--state-store") { Description = "Folder of a kops state store to start from; it is copied, never changed. Default: a new cluster.", HelpName = "DIR" };

    public Option<int> ProbeRate { get; } = new("--probe-rate") { Description = "Requests a second of each class of probing clients.", DefaultValueFactory = _ => ProbeSet.DefaultRate, HelpName = "N" };

    /// <summary>All of them, for a command's list of symbols.</summary>
    public IEnumerable<Symbol> All => [Nodes, Groups, ControlPlane, Speed, StateStore, ProbeRate];

    /// <summary>The lab that the command line describes. Fails with exit code 2 when the options do not fit together.</summary>
    public LabPlan Read(Invocation call)
    {
        var plan = new LabPlan { Nodes = call.Value(Nodes), Groups = call.Value(Groups), ControlPlane = call.Value(ControlPlane), Speed = call.Value(Speed), StateStore = call.Value(StateStore), ProbeRate = call.Value(ProbeRate) };
        if (plan.Groups > plan.Nodes)
            throw CommandFailure.Usage($"--groups is {plan.Groups}, but there are only {plan.Nodes} --nodes; a group has at least one.");
        if (plan.StateStore is null)
            return plan;
        if (call.IsGiven(Nodes) || call.IsGiven(Groups) || call.IsGiven(ControlPlane))
            throw CommandFailure.Usage("--nodes, --groups and --control-plane do not go with --state-store: its instance groups say how many there are.");
        return plan with { Cluster = ClusterIn(plan.StateStore), StateStore = Path.GetFullPath(plan.StateStore) };
    }

    private static string ClusterIn(string store)
    {
        string[] clusters = [.. Directory.GetDirectories(store).Where(d => File.Exists(Path.Combine(d, "config"))).Select(d => Path.GetFileName(d)!)];
        return clusters.Length == 1 ? clusters[0] : throw CommandFailure.Usage($"--state-store: '{store}' must hold one cluster (a folder with a file 'config'); it holds {clusters.Length}.");
    }
}
