using Rotation.Lab.Probes;

namespace Rotation.Worker.Labs;

/// <summary>What lab to make.</summary>
internal sealed record LabPlan
{
    /// <summary>kOps cluster name of a new state store.</summary>
    public string Cluster { get; init; } = "lab.example.com";

    /// <summary>Worker nodes in all.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Worker instance groups.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Control-plane nodes.</summary>
    public int ControlPlane { get; init; } = 3;

    /// <summary>Divisor of every time that a real cluster takes.</summary>
    public double Speed { get; init; } = 20;

    /// <summary>Life of the service-account tokens that pods mount; null: none is mounted.</summary>
    public TimeSpan? TokenLife { get; init; }

    /// <summary>Each kops command is a process of .NET that can be killed, as the real one is; otherwise the lab answers it, which is some twenty times faster.</summary>
    public bool KopsProcesses { get; init; }

    /// <summary>Requests a second of each class of probing clients.</summary>
    public int ProbeRate { get; init; } = ProbeSet.DefaultRate;

    /// <summary>Folder of a state store to start from, which is copied; null: a new one.</summary>
    public string? StateStore { get; init; }
}
