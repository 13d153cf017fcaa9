using Rotation.Activities.Hosting;

namespace Rotation.Worker.Labs;

/// <summary>Everything a lab keeps on disk, in one folder.</summary>
/// <param name="Root">Absolute path of the folder.</param>
internal sealed record LabFolder(string Root)
{
    /// <summary>Where <c>rotation lab</c> keeps its lab unless told otherwise.</summary>
    public static string DefaultRoot { get; } = Path.Combine(UserFolder.Path, "lab");

    /// <summary>The state store.</summary>
    public string StateStore => Path.Combine(Root, "state");

    /// <summary>The state store as kops writes it.</summary>
    public string StateStoreUrl => $"file://{StateStore}";

    /// <summary>The kops of this lab: a script that runs the emulator in this executable.</summary>
    public string Kops => Path.Combine(Root, "kops");

    /// <summary>Failures that the lab's kops is to have; not there while it is to have none.</summary>
    public string KopsFaults => Path.Combine(Root, "kops-faults");

    /// <summary>The admin kubeconfig, also the lab's one sink.</summary>
    public string Kubeconfig => Path.Combine(Root, "kubeconfig");

    /// <summary>The worker's folder for locks and kept copies.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>What a running lab says of itself.</summary>
    public string Card => Path.Combine(Root, "lab.json");

    /// <summary>What the lab's probing clients have seen; not there unless it was started with <c>--probe</c>.</summary>
    public string Probes => Path.Combine(Root, "probes.json");

    /// <summary>Configuration of a worker for this lab.</summary>
    public string WorkerConfig => Path.Combine(Root, "worker.json");

    /// <summary>Variables of a shell that uses this lab.</summary>
    public string Variables => Path.Combine(Root, "lab.env");

    /// <summary>Makes the folder, for its owner only: it holds private keys.</summary>
    public void Create() => Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
