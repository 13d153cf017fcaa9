namespace Rotation.Lab.Cluster;

/// <summary>Sets faults; those that are an event, not a condition, happen here.</summary>
internal static class FaultActions
{
    private static readonly TimeSpan SpotNotice = TimeSpan.FromMinutes(2);

    public static LabFault Set(LabWorld world, LabFault fault)
    {
        FaultRules.Check(world, fault);
        if (fault.Kind == LabFaultKind.AwsEventualConsistency)
            Remember(world);
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

        if (fault.Kind == LabFaultKind.SecondOperator)
            world.Run(cancel => MeddleAsync(world, named, cancel));
        return named;
    }

    private static void Remember(LabWorld world)
    {
        foreach (var instance in world.Fleet.Instances)
            instance.IsKnown = true;
    }

    private static async Task MeddleAsync(LabWorld world, LabFault fault, CancellationToken cancel)
    {
        while (world.Faults.Active.Any(f => f.Id == fault.Id))
        {
            var oldest = world.Fleet.Instances.Where(i => i.Alive && !i.Detached && i.Group.Role == GroupRole.Node && (fault.Target is null || fault.Target == i.Group.Name)).MinBy(i => i.LaunchedAt);
            if (oldest is not null)
                world.Fleet.Terminate(oldest.Id, "second operator");
            await world.Clock.DelayAsync(TimeSpan.FromSeconds(Math.Max(1, fault.Value ?? 60)), cancel).ConfigureAwait(false);
        }
    }
}
