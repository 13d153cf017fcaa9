using Rotation.Worker.Terminals;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Views;

/// <summary>One line for each change, for pipes and logs.</summary>
internal sealed class LineView(Terminal terminal) : IWatchView
{
    private string _last = "";

    public RollStatus? Roll { get; set; }

    public Task<RotationStatus> RunAsync(Func<Action<RotationStatus?>, Task<RotationStatus>> work) => work(Show);

    private void Show(RotationStatus? status)
    {
        string line = status is null ? "no worker answers; waiting for one" : Line(status, Roll);
        if (line == _last)
            return;
        _last = line;
        terminal.Say($"{DateTime.UtcNow:HH:mm:ss} {line}");
    }

    private static string Line(RotationStatus status, RollStatus? roll)
    {
        string step = status.Step.Length == 0 ? "" : $" {status.Step}";
        string nodes = (roll, status.NodesRolled) switch
        {
            ({ } r, _) => $" ({r.Done} of {r.Total} nodes of this roll)",
            (_, 0) => "",
            var (_, n) => $" ({n} nodes rolled)",
        };
        return $"{StateWords.Of(status.State)}{step}: {status.Doing}{nodes}";
    }
}
