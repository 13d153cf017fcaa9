namespace Rotation.Lab.Cluster;

/// <summary>
/// Instances and their groups: keeps each group at its desired capacity, counts launch-template versions, and moves instances through their life. Everything
/// is guarded by one lock; what takes time runs beside.
/// </summary>
internal sealed class Fleet
{
    private readonly Lock _lock = new();
    private readonly Lock _reading = new();
    private readonly LabWorld _world;
    private readonly InstanceLife _life;
    private readonly Random _random;
    private readonly List<Instance> _instances = [];
    private int _address;

    public Fleet(LabWorld world, IReadOnlyList<InstanceGroup> groups)
    {
        _world = world;
        _life = new InstanceLife(world);
        _random = new Random(world.Options.Seed);
        Groups = groups;
    }

    public IReadOnlyList<InstanceGroup> Groups { get; }

    /// <summary>Every instance that is, and those that ended a short while ago, as EC2 lists them.</summary>
    public IReadOnlyList<Instance> Instances
    {
        get
        {
            lock (_lock)
                return [.. _instances];
        }
    }

    public Instance? Find(string id)
    {
        lock (_lock)
            return _instances.Find(i => i.Id == id);
    }

    /// <summary>Runs a reading or a change under the fleet's lock.</summary>
    public T Locked<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }

    /// <summary>Takes each changed node configuration in the state store as a new launch-template version, as <c>update cluster</c> makes one.</summary>
    public void ReadTemplates()
    {
        // Reading and comparing are one: a reader that lags behind would take an older configuration for a newer one.
        lock (_reading)
        {
            foreach (var group in Groups)
                ReadTemplate(group);
        }
    }

    /// <summary>Launches what is missing in each group and ends what is too much, oldest first.</summary>
    public void Reconcile()
    {
        ReadTemplates();
        foreach (var group in Groups)
        {
            List<Instance> launched = [];
            List<Instance> surplus;
            lock (_lock)
            {
                var members = _instances.Where(i => i.Group == group && !i.Detached && i.Alive).ToList();
                surplus = group.SuspendedProcesses.Contains("Terminate") ? [] : [.. members.OrderBy(i => i.LaunchedAt).Take(members.Count - group.Desired)];
                for (var missing = group.Desired - members.Count; missing > 0 && CanLaunch(group); missing--)
                    launched.Add(Launch(group));
            }

            surplus.ForEach(i => Terminate(i.Id, "scale-in"));
            launched.ForEach(Start);
        }
    }

    public bool Detach(string id, bool decrement)
    {
        lock (_lock)
        {
            if (_instances.Find(i => i.Id == id && !i.Detached && i.Alive) is not { } instance)
                return false;
            instance.Detached = true;
            if (decrement)
                instance.Group.Desired--;
            _world.Log.Add(LabEvents.InstanceDetached, instance);
        }

        Reconcile();
        return true;
    }

    /// <summary>Orders the end of an instance. Again, or for one that ended: nothing. False when there never was one.</summary>
    public bool Terminate(string id, string why, bool orderly = true)
    {
        Instance? instance;
        lock (_lock)
        {
            instance = _instances.Find(i => i.Id == id);
            if (instance is null || !instance.Alive)
                return instance is not null;
            instance.State = InstanceState.ShuttingDown;
            instance.EndingAt = LabClock.Now;
        }

        _world.Log.Add(LabEvents.InstanceTerminating, instance, why);
        _world.Run(async _ =>
        {
            await instance.Life.CancelAsync().ConfigureAwait(false);
            await _life.EndAsync(instance, orderly).ConfigureAwait(false);
            lock (_lock)
            {
                instance.State = InstanceState.Terminated;
                instance.TerminatedAt = LabClock.Now;
            }

            _world.Log.Add(LabEvents.InstanceTerminated, instance, why);
            if (!_world.Stopping.IsCancellationRequested)
                Reconcile();
        });
        return true;
    }

    private void ReadTemplate(InstanceGroup group)
    {
        // The stamp before the content: what is written in between is read at the next look.
        var stamp = _world.Material.Stamp(group.Name);
        if (stamp is null || stamp == group.ConfigurationStamp || _world.Material.Configuration(group.Name) is not { } configuration)
            return;
        group.ConfigurationStamp = stamp;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(configuration)));
        lock (_lock)
        {
            if (group.ConfigurationHash == hash)
                return;
            if (group.ConfigurationHash.Length > 0)
                group.TemplateVersion++;
            group.ConfigurationHash = hash;
            _world.Log.Add(new LabEvent { Kind = LabEvents.LaunchTemplateVersion, Group = group.Name, Detail = group.TemplateVersion.ToString() });
        }
    }

    private bool CanLaunch(InstanceGroup group)
    {
        if (group.SuspendedProcesses.Contains("Launch"))
            return false;
        // An etcd volume is attached to one machine at a time: the next boots when the old one has let go of it.
        return group.Role != GroupRole.ControlPlane || !_instances.Exists(i => i.Group == group && i.State == InstanceState.ShuttingDown);
    }

    private Instance Launch(InstanceGroup group)
    {
        var taken = group.Zones.ToDictionary(z => z, z => _instances.Count(i => i.Group == group && i is { Alive: true, Detached: false } && i.Zone == z), StringComparer.Ordinal);
        var instance = new Instance
        {
            Id = $"i-{_random.NextInt64(1L << 56):x17}",
            Group = group,
            Zone = group.Zones.MinBy(z => taken[z])!,
            TemplateVersion = group.TemplateVersion,
            PrivateAddress = $"172.20.{++_address / 250 % 250}.{(_address % 250) + 4}",
        };
        _instances.Add(instance);
        return instance;
    }

    private void Start(Instance instance)
    {
        double drawn;
        lock (_lock)
            drawn = 1 + (_world.Options.BootTimeSpread * ((2 * _random.NextDouble()) - 1));
        _world.Log.Add(LabEvents.InstanceLaunched, instance, $"template version {instance.TemplateVersion}");
        _world.Run(_ => _life.BootAsync(instance, drawn));
    }
}
