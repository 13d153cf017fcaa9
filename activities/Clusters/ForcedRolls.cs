using System.Text.Json;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Clusters;

/// <summary>
/// Remembers which instances a forced roll is to replace: kops itself cannot tell them from their replacements, so that a second attempt would roll everything again.
/// What is remembered belongs to one activity of one run, whatever its attempt.
/// </summary>
internal sealed class ForcedRolls(InstanceReader instances, KeptCopies copies)
{
    private const string What = "instances to roll";

    /// <summary>Groups to roll, empty for all of them; null when everything was rolled by an earlier attempt.</summary>
    public async Task<IReadOnlyList<string>?> StillToRollAsync(KopsRollInput input, CancellationToken ct)
    {
        if (!input.Force)
            return input.InstanceGroups;
        InstanceList present = await instances.ReadAsync(input.Cluster, ct).ConfigureAwait(false);
        if (await copies.FindAsync(input.Cluster.Rotation, Roll(), What, ct).ConfigureAwait(false) is not { } kept)
        {
            string[] ids = [.. present.Instances.Where(i => IsMeant(i, input)).Select(i => i.Id)];
            await copies.KeepAsync(input.Cluster.Rotation, Roll(), What, JsonSerializer.SerializeToUtf8Bytes(ids), ct).ConfigureAwait(false);
            return input.InstanceGroups;
        }

        HashSet<string> wanted = [.. JsonSerializer.Deserialize<string[]>(kept)!];
        string[] groups = [.. present.Instances.Where(i => wanted.Contains(i.Id)).Select(i => i.InstanceGroup).Distinct().Order(StringComparer.Ordinal)];
        return groups.Length > 0 ? groups : null;
    }

    private static bool IsMeant(InstanceState instance, KopsRollInput input) =>
        (input.InstanceGroups.Count == 0 || input.InstanceGroups.Contains(instance.InstanceGroup)) && (input.Roles.Count == 0 || input.Roles.Any(r => RoleOf(r) == instance.Role));

    // As kops reads them: in any case, with the older name of the control plane.
    private static InstanceGroupRole? RoleOf(string role) => role.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "CONTROLPLANE" or "MASTER" => InstanceGroupRole.ControlPlane,
        "APISERVER" => InstanceGroupRole.ApiServer,
        "BASTION" => InstanceGroupRole.Bastion,
        "NODE" => InstanceGroupRole.Node,
        _ => null,
    };

    private static string Roll()
    {
        ActivityInfo activity = ActivityExecutionContext.Current.Info;
        return $"roll {activity.WorkflowId} {activity.WorkflowRunId} {activity.ActivityId}";
    }
}
