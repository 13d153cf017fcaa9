using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;
using Spectre.Console;

namespace Rotation.Worker.Views;

/// <summary>A view that is drawn again in place, for terminals.</summary>
internal sealed class LiveView(Terminal terminal, string id) : IWatchView
{
    public RollStatus? Roll { get; set; }

    public Task<RotationStatus> RunAsync(Func<Action<RotationStatus?>, Task<RotationStatus>> work) =>
        terminal.People.Live(new Text("reading …")).StartAsync(context => work(status =>
        {
            context.UpdateTarget(status is null ? new Text("No worker answers; waiting for one.") : StatusView.Render(id, status, Roll));
            context.Refresh();
        }));
}
