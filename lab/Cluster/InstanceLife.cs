namespace Rotation.Lab.Cluster;

/// <summary>What happens on one instance from launch to end.</summary>
internal sealed class InstanceLife(LabWorld world)
{
    /// <summary>Boots: waits the drawn time, reads the state store, starts what the role runs.</summary>
    public async Task BootAsync(Instance instance, double drawn)
    {
        var group = instance.Group;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(instance.Life.Token, world.Stopping);
        var mean = group.Role == GroupRole.ControlPlane ? world.Options.ControlPlaneBootTime : world.Options.WorkerBootTime;
        var slow = world.Faults.Hits(LabFaultKind.SlowBoot, group.Name)?.Value ?? 1;
        await world.Clock.DelayAsync(mean * drawn * slow, life.Token).ConfigureAwait(false);
        world.Fleet.Locked(() => instance.State == InstanceState.Pending ? instance.State = InstanceState.Running : instance.State);
        if (group.Role == GroupRole.Bastion)
            return;
        while (world.Faults.Hits(LabFaultKind.NeverJoins, group.Name) is not null)
            await Task.Delay(LabClock.Tick, life.Token).ConfigureAwait(false);
        try
        {
            if (group.Role == GroupRole.ControlPlane)
                await ControlPlaneNode.BootAsync(world, instance, life.Token).ConfigureAwait(false);
            else
                await WorkerNode.BootAsync(world, instance, life.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or KeyNotFoundException)
        {
            world.Log.Add(LabEvents.BootFailed, instance, e.Message);
        }
    }

    /// <summary>Ends what runs, orderly or at once, and leaves the node object to the controllers.</summary>
    public async Task EndAsync(Instance instance, bool orderly)
    {
        if (instance.Node is not { } node)
            return;
        if (orderly)
            await Task.WhenAll(node.DrainAsync(), Task.Delay(world.Clock.Real(world.Options.ShutdownTime))).ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
    }
}
