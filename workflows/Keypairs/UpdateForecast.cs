using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Keypairs;

/// <summary>Which instances must need the update after a keyset changed: those whose boot configuration has it.</summary>
internal static class UpdateForecast
{
    private static readonly InstanceGroupRole[] Everything = [InstanceGroupRole.ControlPlane, InstanceGroupRole.ApiServer, InstanceGroupRole.Node];
    private static readonly InstanceGroupRole[] Servers = [InstanceGroupRole.ControlPlane, InstanceGroupRole.ApiServer];

    /// <summary>Roles of instances that must be replaced when a keyset changes.</summary>
    public static IReadOnlyList<InstanceGroupRole> RolesOf(string keyset) => keyset switch
    {
        TrustCheck.ClusterCa or "etcd-clients-ca-cilium" => Everything,
        "service-account" or "apiserver-aggregator-ca" or "etcd-clients-ca" => Servers,
        _ => [InstanceGroupRole.ControlPlane],
    };

    /// <summary>Ids, sorted, of the instances that must need the update when these keysets changed. Bastions are left out: kops versions differ in what they give them.</summary>
    public static IReadOnlyList<string> Expected(IEnumerable<string> keysets, InstanceList instances) => Expected([.. keysets.SelectMany(RolesOf).Distinct()], instances);

    /// <summary>Ids, sorted, of the instances of these roles.</summary>
    public static IReadOnlyList<string> Expected(IReadOnlyCollection<InstanceGroupRole> roles, InstanceList instances) =>
        [.. instances.Instances.Where(i => roles.Contains(i.Role)).Select(i => i.Id).Order(StringComparer.Ordinal)];

    /// <summary>How the instances that need the update differ from the forecast, in words; null when they do not.</summary>
    /// <param name="keysets">Keysets that changed.</param>
    /// <param name="before">Instances read just before the update.</param>
    /// <param name="needUpdate">Ids that need it after the update.</param>
    public static string? Difference(IEnumerable<string> keysets, InstanceList before, IReadOnlyList<string> needUpdate) => Difference([.. keysets.SelectMany(RolesOf).Distinct()], before, needUpdate);

    /// <summary>The same for instances of these roles.</summary>
    public static string? Difference(IReadOnlyCollection<InstanceGroupRole> roles, InstanceList before, IReadOnlyList<string> needUpdate)
    {
        IReadOnlyList<string> expected = Expected(roles, before);
        string[] ignored = [.. before.Instances.Where(i => i.Role == InstanceGroupRole.Bastion || i.NeedsUpdate).Select(i => i.Id)];
        string[] missing = [.. expected.Except(needUpdate)];
        string[] surplus = [.. needUpdate.Except(expected).Except(ignored)];
        if (missing.Length == 0 && surplus.Length == 0)
            return null;
        return $"{expected.Count} instances must need the update and {needUpdate.Count} do"
            + (missing.Length > 0 ? $"; missing: {string.Join(", ", missing)}" : "")
            + (surplus.Length > 0 ? $"; not foreseen: {string.Join(", ", surplus)}" : "");
    }
}
