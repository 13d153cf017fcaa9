using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;

namespace Rotation.Workflows.Planning;

/// <summary>Makes the plan of a rotation from what was read. Pure.</summary>
internal static class PlanBuilder
{
    /// <summary>The plan with its hash.</summary>
    public static RotationPlan Build(ClusterSnapshot snapshot)
    {
        var plan = new RotationPlan
        {
            Cluster = snapshot.Facts.Name,
            KopsVersion = snapshot.Facts.KopsVersion,
            Request = snapshot.Request,
            Keysets = [.. snapshot.Keysets.Select(k => new PlannedKeyset(k.Name, k.PrimaryId, [.. k.TrustedIds()]))],
            Steps = [.. StepNames.All.Select(s => Step(s, snapshot))],
            FirstStep = snapshot.FirstStep,
            Round = snapshot.Round,
            Forecast = RotationForecast.Of(snapshot),
            Instances = InOrder(snapshot.Instances, UpdateForecast.Expected(snapshot.Keysets.Select(k => k.Name), snapshot.Instances)),
            Findings = Preflight.Check(snapshot),
        };
        return plan with { PlanHash = PlanHash.Of(plan) };
    }

    private static PlannedStep Step(string step, ClusterSnapshot snapshot)
    {
        if (snapshot.SkipOf(step) is { } skip)
            return new(step, snapshot.GateOf(step), skip, [], []);
        (string[] commands, string[] wayBack) = step switch
        {
            StepNames.Stage => (Rolled(Keysets(snapshot).Where(k => k.Made is null).Select(k => $"kops create keypair {k.Name}"), snapshot), Rolled(Keysets(snapshot).Select(k => $"kops distrust keypair {k.Name} {IdOf(k)}"), snapshot)),
            StepNames.Promote => (
                Rolled(Keysets(snapshot).Where(k => k.Progress < KeysetProgress.Promoted).Select(k => $"kops promote keypair {k.Name} {IdOf(k)}"), snapshot),
                Rolled(Keysets(snapshot).Select(k => $"kops promote keypair {k.Name} {k.Before.PrimaryId}"), snapshot)),
            StepNames.Distrust => (
                Rolled(Keysets(snapshot).Where(k => k.Progress < KeysetProgress.Distrusted).SelectMany(k => k.Before.TrustedIds().Select(id => $"kops distrust keypair {k.Name} {id}")), snapshot),
                [.. Rolled(Keysets(snapshot).SelectMany(k => k.Before.TrustedIds().Select(id => $"kops trust keypair {k.Name} {id}")), snapshot), "needs \"force\": true: clients that took the new credentials only may be cut off"]),
            StepNames.ExportAdmin => ([$"kops export kubecfg --admin={snapshot.Request.AdminTtl}", $"deliver to {Sinks(snapshot)}, read back"], ["deliver the previous credentials"]),
            _ => (new[] { "kops export kubecfg", $"deliver to {Sinks(snapshot)}, read back" }, ["deliver the previous CA data"]),
        };
        string? done = snapshot.DoneBefore(step);
        return new(step, snapshot.GateOf(step), null, done is null ? commands : [], wayBack) { Done = done, Hold = done is null && Holds.Before(step, snapshot) is { } hold ? $"{new KopsDuration(hold.Length)} after {hold.Since}: {hold.Why}" : null };
    }

    private static IEnumerable<FoundKeyset> Keysets(ClusterSnapshot snapshot) => snapshot.Adoption.Keysets;

    private static string IdOf(FoundKeyset keyset) => keyset.Made?.Id ?? "ID";

    private static string[] Rolled(IEnumerable<string> commands, ClusterSnapshot snapshot)
    {
        int nodes = UpdateForecast.Expected(snapshot.Keysets.Select(k => k.Name), snapshot.Instances).Count;
        string roll = snapshot.Request.Roll.Engine == RollEngine.Kops ? $"kops rolling-update cluster --yes: {nodes} instances" : $"rolling update: {nodes} instances";
        return [.. commands, "kops update cluster --yes", roll];
    }

    private static string Sinks(ClusterSnapshot snapshot) => snapshot.Request.Sinks.Count == 0 ? "the worker's default sinks" : string.Join(", ", snapshot.Request.Sinks);

    /// <summary>Instances that a roll replaces, in its order: those given, and those that need the update already.</summary>
    public static IReadOnlyList<PlannedInstance> InOrder(InstanceList instances, IReadOnlyCollection<string> rolled) =>
    [
        .. instances.Instances.Where(i => i.NeedsUpdate || rolled.Contains(i.Id))
            .OrderBy(i => i.Role).ThenBy(i => i.InstanceGroup, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)
            .Select(i => new PlannedInstance(i.Id, i.InstanceGroup, i.Role)),
    ];
}
