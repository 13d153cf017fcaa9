using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Keypairs;

/// <summary>Steps 2, 4 and 6: kubeconfigs reach their clients and are read back. Way back: what each sink held before.</summary>
internal sealed class ExportStep(string name, KubeconfigKind kind, RotationRun run, KubeconfigDeliveries deliveries) : IRotationStep
{
    /// <summary>Noted before the first delivery, which may succeed without being recorded.</summary>
    public const string DeliverBegun = "deliver-begun";

    /// <summary>Suffix under which deliveries stay remembered after their step was taken back and forgotten.</summary>
    public const string Past = "-past";

    public string Name => name;

    public string? WhyGate => null;

    public string? WhyGateBack => null;

    public async Task DoAsync()
    {
        await run.OnceAsync(name, "deliver", () =>
        {
            if (!run.IsDone(name, DeliverBegun))
                run.Delivers(name);
            run.Note(name, DeliverBegun);
            run.Note(name + Past, DeliverBegun);
            return deliveries.DeliverAsync(name, kind);
        });
        if (name == StepNames.ExportNewCa)
            await run.OnceAsync(name, "prove", () => deliveries.ProveOldRefusedAsync(name, StepNames.ExportAdmin));
    }

    public async Task UndoAsync()
    {
        if (run.IsDone(name, DeliverBegun))
            await run.OnceAsync(RotationRun.BackOf(name), "restore", () => deliveries.RestoreAsync(name));
    }
}
