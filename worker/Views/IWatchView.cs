using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Views;

/// <summary>Shows a rotation while it runs.</summary>
internal interface IWatchView
{
    /// <summary>Runs the work, which hands over each status that it sees; null while no worker answers.</summary>
    Task<RotationStatus> RunAsync(Func<Action<RotationStatus?>, Task<RotationStatus>> work);
}
