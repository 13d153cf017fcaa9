using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Commands;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>Which instance groups <c>--instance-group</c> and <c>--instance-group-roles</c> leave.</summary>
internal static class RollFilter
{
    private static readonly Dictionary<string, string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["control-plane"] = "ControlPlane",
        ["controlplane"] = "ControlPlane",
        ["master"] = "ControlPlane",
        ["masters"] = "ControlPlane",
        ["apiserver"] = "APIServer",
        ["node"] = "Node",
        ["nodes"] = "Node",
        ["bastion"] = "Bastion",
        ["bastions"] = "Bastion",
    };

    public static IReadOnlyList<JsonObject> Of(KopsCall call, IReadOnlyList<JsonObject> groups)
    {
        IReadOnlyList<JsonObject> left = groups;
        if (Values(call, "instance-group") is { Length: > 0 } names)
            left = [.. names.Select(n => groups.FirstOrDefault(g => GetInstanceGroups.NameOf(g) == n) ?? throw new KopsError($"InstanceGroup \"{n}\" not found"))];
        if (Values(call, "instance-group-roles") is not { Length: > 0 } roles)
            return left;
        string[] wanted = [.. roles.Select(r => Roles.GetValueOrDefault(r) ?? throw new KopsError($"invalid instance group role \"{r}\""))];
        return [.. left.Where(g => wanted.Contains(GetInstanceGroups.RoleOf(g)))];
    }

    private static string[] Values(KopsCall call, string flag) => call.Command.Flag(flag)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
