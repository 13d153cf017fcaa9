namespace Rotation.Lab.Cluster;

/// <summary>Sets faults; those that are an event, not a condition, happen here.</summary>
internal static class FaultActions
{
    private static readonly TimeSpan SpotNotice = TimeSpan.FromMinutes(2);

    public static LabFault Set(LabWorld world, LabFault fault)
    {
        if (fault.Kind is LabFaultKind.InstanceVanishes or LabFaultKind.SpotInterruption && world.Fleet.Find(fault.Target ?? "") is null)
            throw new ArgumentException($"The fault {fault.Kind} needs an instance as its target; there is no '{fault.Target}'.", nameof(fault));
        var named = world.Faults.Set(fault);
        if (fault.Kind == LabFaultKind.InstanceVanishes)
            world.Fleet.Terminate(fault.Target!, "vanished", orderly: false);
        if (fault.Kind == LabFaultKind.SpotInterruption)
        {
            world.Run(async cancel =>
            {
                await world.Clock.DelayAsync(SpotNotice, cancel).ConfigureAwait(false);
                world.Fleet.Terminate(fault.Target!, "spot interruption");
            });
        }

        return named;
    }
}
