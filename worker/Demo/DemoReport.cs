using System.Text.Json.Serialization;
using Rotation.Lab.Probes;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Demo;

/// <summary>What <c>rotation demo --json</c> prints.</summary>
internal sealed record DemoReport
{
    /// <summary>How the rotation ended, in the words of the search attribute <c>RotationState</c>: <c>Completed</c>.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<RotationState>))]
    public RotationState State { get; init; }

    /// <summary>The six steps.</summary>
    public IReadOnlyList<DemoStep> Steps { get; init; } = [];

    /// <summary>Nodes replaced, all rolls together.</summary>
    public int NodesRolled { get; init; }

    /// <summary>What the probing clients saw.</summary>
    public DemoProbe Probe { get; init; } = new(0, 0, 0, 0, 0);

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

    /// <param name="status">The rotation at its end.</param>
    /// <param name="probes">What the clients saw.</param>
    /// <param name="servers">API servers of the cluster: where there is one, nobody answers while it is replaced.</param>
    /// <param name="elapsed">Since the start.</param>
    /// <param name="folder">Folder that was kept, or null.</param>
    public static DemoReport Of(RotationStatus status, ProbeSnapshot probes, int servers, TimeSpan elapsed, string? folder)
    {
        long unanswered = servers > 1 ? 0 : probes.Unanswered;
        return new()
        {
            State = status.State,
            Steps = [.. status.Steps.Select(s => new DemoStep(s.Name, s.State, Math.Round(s.Seconds, 1)))],
            NodesRolled = status.NodesRolled,
            Probe = new DemoProbe(probes.Requests, probes.Failed - unanswered, probes.FailedAfterDistrustOld, probes.OldRequestsAfterDistrust, unanswered),
            Keysets = [.. status.Keysets.Select(k => new DemoKeyset(k.Name, k.PrimaryBefore, k.PrimaryAfter, k.Distrusted))],
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            Failure = status.LastFailure,
            Folder = folder,
        };
    }
}

/// <summary>One step.</summary>
internal sealed record DemoStep(string Name, StepState State, double Seconds);

/// <summary>What the probing clients saw.</summary>
/// <param name="Requests">Requests of rightful clients.</param>
/// <param name="Failed">Of those, failed.</param>
/// <param name="FailedAfterDistrustOld">Requests with the old admin credential after step 5 that were refused.</param>
/// <param name="RequestsAfterDistrustOld">Requests with the old admin credential after step 5.</param>
/// <param name="Unanswered">Requests of rightful clients while the only API server was being replaced; always 0 with several, where they count as failed.</param>
internal sealed record DemoProbe(long Requests, long Failed, long FailedAfterDistrustOld, long RequestsAfterDistrustOld, long Unanswered);

/// <summary>One keyset, its primary before and after and what was distrusted.</summary>
internal sealed record DemoKeyset(string Name, string PrimaryBefore, string PrimaryAfter, IReadOnlyList<string> Distrusted);
