using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>A group that has fewer instances than it wants already.</summary>
internal sealed class GroupIncomplete() : PreflightCheck("group-incomplete", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from @group in facts.Cloud?.Groups ?? []
        where @group.Instances.Count < @group.DesiredCount
        select Found($"Instance group '{@group.InstanceGroup}' has {@group.Instances.Count} of {@group.DesiredCount} instances: the cloud does not start replacements now. Find out why before more are needed.");
}

/// <summary>Subnets without room for replacements.</summary>
internal sealed class SubnetAddressesShort() : PreflightCheck("subnet-addresses-short", FindingSeverity.Warning)
{
    private const int Needed = 5;

    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from subnet in facts.Cloud?.FreeAddresses ?? new Dictionary<string, int>()
        where subnet.Value < Needed
        select Found($"Subnet '{subnet.Key}' has {subnet.Value} free addresses: a surge may find none. Free some, or set roll.maxSurge to 0.");
}

/// <summary>The account's limit leaves no room to start replacements ahead.</summary>
internal sealed class QuotaShort() : PreflightCheck("quota-short", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Cloud is { InstanceLimit: { } limit } cloud
        ? When(limit <= cloud.InstancesRunning && facts.Input.Roll.MaxSurge is not ("0" or "0%"), $"The account may run {limit} instances in the region and this cluster alone runs {cloud.InstancesRunning}: a surge will be refused. Raise the quota, or set roll.maxSurge to 0.")
        : [];
}

/// <summary>The worker's identity lacks a right in the cloud.</summary>
internal sealed class CloudPermissionMissing() : PreflightCheck("permission-missing-cloud", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Cloud is { Denied: { Count: > 0 } denied }
        ? [Found($"The worker's identity is not allowed {Few(denied)} (found by dry run). Attach the policy of the deployment guide.")]
        : [];
}
