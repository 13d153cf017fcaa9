using Rotation.Lab.Probes;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Demo;

/// <summary>What <c>rotation demo --json</c> prints.</summary>
internal sealed record DemoReport
{
    /// <summary>How the rotation ended.</summary>
    public RotationState State { get; init; }

    /// <summary>The six steps.</summary>
    public IReadOnlyList<DemoStep> Steps { get; init; } = [];

    /// <summary>Nodes replaced, all rolls together.</summary>
    public int NodesRolled { get; init; }

    /// <summary>What the probing clients saw.</summary>
    public DemoProbe Probe { get; init; } = new(0, 0, 0, 0);

    /// <summary>The keysets.</summary>
    public IReadOnlyList<DemoKeyset> Keysets { get; init; } = [];

    /// <summary>Seconds from the start of the process's work to the end.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Folder with state store, kubeconfig and lab files, when it was kept.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether all went as it must: completed, nobody rightful refused, the old credential refused every time.</summary>
    public bool IsGood => State == RotationState.Completed && Probe is { Failed: 0, FailedAfterDistrustOld: > 0 } && Probe.FailedAfterDistrustOld == Probe.RequestsAfterDistrustOld;

    public static DemoReport Of(RotationStatus status, ProbeSnapshot probes, TimeSpan elapsed, string? folder) => new()
    {
        State = status.State,
        Steps = [.. status.Steps.Select(s => new DemoStep(s.Name, s.State, Math.Round(s.Seconds, 1)))],
        NodesRolled = status.NodesRolled,
        Probe = new DemoProbe(probes.Requests, probes.Failed, probes.FailedAfterDistrustOld, probes.OldRequestsAfterDistrust),
        Keysets = [.. status.Keysets.Select(k => new DemoKeyset(k.Name, k.PrimaryBefore, k.PrimaryAfter, k.Distrusted))],
        Seconds = Math.Round(elapsed.TotalSeconds, 1),
        Failure = status.LastFailure,
        Folder = folder,
    };
}

/// <summary>One step.</summary>
internal sealed record DemoStep(string Name, StepState State, double Seconds);

/// <summary>Requests of rightful clients, how many of them failed, and of the requests with the old admin credential after step 5 how many were refused.</summary>
internal sealed record DemoProbe(long Requests, long Failed, long FailedAfterDistrustOld, long RequestsAfterDistrustOld);

/// <summary>One keyset, its primary before and after and what was distrusted.</summary>
internal sealed record DemoKeyset(string Name, string PrimaryBefore, string PrimaryAfter, IReadOnlyList<string> Distrusted);
