using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>kops' own rolling update, for clouds that the durable one does not know.</summary>
public interface IKopsRollActivities
{
    /// <summary>
    /// Runs <c>kops rolling-update cluster --yes</c>. Heartbeats with its last line of progress; cancelling ends it with all its children. Idempotent: a retry rolls what still needs it,
    /// and with <see cref="KopsRollInput.Force"/> the instance groups in which an instance of the first attempt is left. Waits for another change of the cluster to end. Fails with the
    /// error types of kops.
    /// </summary>
    [Activity]
    Task<KopsRollResult> RollWithKopsAsync(KopsRollInput input);

    /// <summary>
    /// Runs <c>kops validate cluster -o json</c> once and reads its failures. A cluster that does not validate is a result, not an error. Reads only. Fails with the error types
    /// of kops when kops cannot say.
    /// </summary>
    [Activity]
    Task<ValidationResult> ValidateWithKopsAsync(ClusterRef cluster);
}

/// <summary>What kops shall roll.</summary>
public sealed record KopsRollInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Names of instance groups; empty: all.</summary>
    public IReadOnlyList<string> InstanceGroups { get; init; } = [];

    /// <summary>Roles of instance groups, as <c>--instance-group-roles</c> takes them; empty: all.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Roll instances that need no update too.</summary>
    public bool Force { get; init; }

    /// <summary>Neither drain nor validate: for a cluster whose API does not answer.</summary>
    public bool CloudOnly { get; init; }

    /// <summary>
    /// Run <c>kops reconcile cluster</c> instead, which updates and rolls in one: only kops 1.31 and newer have it; others fail with <c>KopsUsage</c>, not retried.
    /// </summary>
    public bool Reconcile { get; init; }

    /// <summary>How long the whole may take. Default 12 hours.</summary>
    public KopsDuration Deadline { get; init; } = KopsDuration.FromHours(12);
}

/// <summary>What kops rolled.</summary>
/// <param name="InstancesRolled">Instances that it reported to have stopped.</param>
/// <param name="LastLine">Its last line, redacted.</param>
public sealed record KopsRollResult(int InstancesRolled, string LastLine);
