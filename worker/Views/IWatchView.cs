using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Views;

/// <summary>Shows a rotation while it runs.</summary>
internal interface IWatchView
{
    /// <summary>The rolling update that runs now; null: none does, or nobody knows.</summary>
    RollStatus? Roll { get; set; }

    /// <summary>Runs the work, which hands over each status that it sees; null while no worker answers.</summary>
    Task<RotationStatus> RunAsync(Func<Action<RotationStatus?>, Task<RotationStatus>> work);
}
