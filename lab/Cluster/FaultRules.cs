namespace Rotation.Lab.Cluster;

/// <summary>What a fault may hit and with which number: a fault that can never strike is a mistake of who sets it.</summary>
internal static class FaultRules
{
    /// <summary>Throws <see cref="ArgumentException"/> in words when the fault makes no sense in this cluster.</summary>
    public static void Check(LabWorld world, LabFault fault)
    {
        if (!Enum.IsDefined(fault.Kind))
            throw new ArgumentException($"There is no fault '{fault.Kind}'.", nameof(fault));
        if (fault.Value is { } value && (!double.IsFinite(value) || value < 0 || (IsShare(fault.Kind) && value > 1)))
            throw new ArgumentException($"The fault {fault.Kind} has the value {value}; it takes {(IsShare(fault.Kind) ? "a share from 0 to 1" : "a number that is not negative")}.", nameof(fault));
        if (Targets(world, fault.Kind) is not { } targets)
            return;
        if (fault.Target is null && fault.Kind is LabFaultKind.InstanceVanishes or LabFaultKind.SpotInterruption)
            throw new ArgumentException($"The fault {fault.Kind} needs an instance as its target.", nameof(fault));
        if (fault.Target is not null && !targets.Contains(fault.Target))
            throw new ArgumentException($"The fault {fault.Kind} cannot hit '{fault.Target}'; it hits one of: {string.Join(", ", targets.Take(20))}.", nameof(fault));
    }

    private static bool IsShare(LabFaultKind kind) => kind is LabFaultKind.ApiErrorRate or LabFaultKind.AwsThrottling or LabFaultKind.AwsErrorRate;

    /// <summary>What a kind can hit; null for pods and budgets, which come and go.</summary>
    private static List<string>? Targets(LabWorld world, LabFaultKind kind)
    {
        var groups = world.Fleet.Groups.Select(g => g.Name);
        var instances = world.Fleet.Instances.Where(i => i.Alive).Select(i => i.Id);
        return kind switch
        {
            LabFaultKind.UndrainablePod or LabFaultKind.BudgetOfZero => null,
            LabFaultKind.AwsThrottling or LabFaultKind.AwsErrorRate or LabFaultKind.AwsEventualConsistency => [],
            LabFaultKind.NeverJoins or LabFaultKind.SlowBoot or LabFaultKind.SecondOperator => [.. groups],
            LabFaultKind.InstanceVanishes or LabFaultKind.SpotInterruption => [.. instances],
            _ => [.. groups, .. instances],
        };
    }
}
