using Rotation.Lab;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>Who dies.</summary>
internal enum Victim
{
    Worker, Server, Kops,
}

/// <summary>One death, at a moment given as a share of the time that a rotation is expected to take.</summary>
internal sealed record Death(double At, Victim Victim, double BackAfterSeconds);

/// <summary>Everything that is going to happen to one rotation, drawn before it starts, so that a seed names it whatever the machine does.</summary>
internal sealed record ChaosPlan
{
    private const double LatestShare = 1.1;

    private static readonly string[][] KeysetChoices =
        [["kubernetes-ca"], ["kubernetes-ca"], ["service-account"], ["service-account"], ["etcd-peers-ca-main"], ["kubernetes-ca"], ["kubernetes-ca", "service-account"], ["service-account", "etcd-peers-ca-main"]];

    // Trouble that passes, as a store or a network has it: each is there once or twice and then over.
    private static readonly string[] KopsTroubles =
    [
        "before 1 create keypair | dial tcp: connection refused", "after 1 create keypair | dial tcp: i/o timeout", "after 1 promote keypair | connection reset", "before 2 promote keypair | slowdown",
        "after 1 distrust keypair | dial tcp: i/o timeout", "before 1 update cluster | serviceunavailable", "after 1 update cluster | unexpected eof", "between 1 update cluster | connection reset",
        "before 1 export kubecfg | throttling", "after 1 export kubecfg | i/o timeout", "slow 1 create keypair", "slow 1 update cluster", "before 1 trust keypair | dial tcp: i/o timeout",
    ];

    private static readonly LabFault[] LabTroubles =
    [
        new() { Kind = LabFaultKind.AwsThrottling, Value = 0.1 }, new() { Kind = LabFaultKind.AwsErrorRate, Value = 0.1 }, new() { Kind = LabFaultKind.AwsEventualConsistency, Value = 20 },
        new() { Kind = LabFaultKind.SlowBoot, Value = 3 },
    ];

    public IReadOnlyList<string> Keysets { get; private init; } = [];

    public bool Auto { get; private init; }

    public FailureReaction OnFailure { get; private init; }

    /// <summary>When somebody asks for the way back, as a share of the expected time; null: nobody does.</summary>
    public double? BackAt { get; private init; }

    /// <summary>Step that the way back ends before; empty: the start.</summary>
    public string BackTo { get; private init; } = "";

    public IReadOnlyList<Death> Deaths { get; private init; } = [];

    public IReadOnlyList<string> KopsFaults { get; private init; } = [];

    public LabFault? LabFault { get; private init; }

    public static ChaosPlan Draw(Random random) => new()
    {
        Keysets = random.Next(50) == 0 ? ["all"] : Pick(random, KeysetChoices),
        Auto = random.Next(2) == 0,
        OnFailure = random.Next(3) == 0 ? FailureReaction.Rollback : FailureReaction.Hold,
        BackAt = random.Next(5) < 2 ? random.NextDouble() * LatestShare : null,
        BackTo = random.Next(5) == 0 ? Pick(random, [.. StepNames.All]) : "",
        Deaths = [.. Enumerable.Range(0, DrawDeaths(random)).Select(_ => new Death(random.NextDouble() * LatestShare, PickVictim(random), random.NextDouble())).OrderBy(d => d.At)],
        KopsFaults = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Pick(random, KopsTroubles))],
        LabFault = random.Next(2) == 0 ? Pick(random, LabTroubles) : null,
    };

    public override string ToString() =>
        $"{string.Join(',', Keysets)}{(Auto ? " auto" : "")} onFailure {OnFailure}{(BackAt is { } at ? $" back at {at:F2} to '{BackTo}'" : "")} deaths [{string.Join("; ", Deaths.Select(d => $"{d.Victim} at {d.At:F2}"))}]"
        + $" kops [{string.Join("; ", KopsFaults)}] lab {LabFault?.Kind}";

    private static int DrawDeaths(Random random) => random.Next(10) switch { < 6 => 1, < 9 => 2, _ => 3 };

    private static Victim PickVictim(Random random) => random.Next(10) switch { < 4 => Victim.Worker, < 7 => Victim.Server, _ => Victim.Kops };

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
