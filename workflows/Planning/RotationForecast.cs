using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Planning;

/// <summary>How long a rotation will take, roughly: enough to see that a credential would end before it does. Pure.</summary>
internal static class RotationForecast
{
    private static readonly TimeSpan ControlPlaneNode = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Workers = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Gate = TimeSpan.FromHours(4);

    /// <summary>The time of the steps that are left: rolls, gates and holds.</summary>
    public static KopsDuration Of(ClusterSnapshot snapshot)
    {
        TimeSpan total = TimeSpan.Zero;
        foreach (string step in StepNames.All.Skip(StepNames.IndexOf(snapshot.FirstStep)).Where(s => snapshot.SkipOf(s) is null))
            total += (snapshot.GateOf(step) is null ? TimeSpan.Zero : GateTime(snapshot)) + (Holds.Before(step, snapshot)?.Length ?? TimeSpan.Zero) + (StepNames.ChangesTrust(step) ? Roll(snapshot) : TimeSpan.Zero);
        return new(TimeSpan.FromMinutes(Math.Ceiling(total.TotalMinutes)));
    }

    private static TimeSpan GateTime(ClusterSnapshot snapshot) => snapshot.Request.Approvals.Auto ? TimeSpan.Zero : Gate;

    private static TimeSpan Roll(ClusterSnapshot snapshot)
    {
        IReadOnlyList<string> rolled = UpdateForecast.Expected(snapshot.Keysets.Select(k => k.Name), snapshot.Instances);
        int workers = snapshot.Instances.Instances.Count(i => i.Role == InstanceGroupRole.Node && rolled.Contains(i.Id));
        int atOnce = RollRules.AtLeastOne(snapshot.Request.Roll.ClusterBudget, workers);
        return ((rolled.Count - workers) * ControlPlaneNode) + (Math.Ceiling((double)workers / atOnce) * Workers);
    }
}
