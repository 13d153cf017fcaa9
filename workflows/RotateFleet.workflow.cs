using Rotation.Workflows.Contracts;
using Rotation.Workflows.Fleet;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Rotates many clusters: the canaries first, then wave after wave, so many at once as asked. Each cluster is a rotation of its own, with its own gates, that goes on whatever becomes of the fleet.
/// Ends completed when every cluster is rotated; fails with <c>FleetIncomplete</c>, the rows as a detail, when one is not. A cancel request is a <c>stop</c> that waits for what is at work.
/// </summary>
[Workflow]
public sealed partial class RotateFleet : RotationProcedure
{
    // Rotations tell when they end; that one waits for a person can only be read, and that takes hours.
    private static readonly TimeSpan ReadSoon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadLate = TimeSpan.FromMinutes(16);

    private readonly FleetRun _run;
    private readonly FleetBook _book;
    private readonly FleetRotations _rotations;
    private FleetStop? _stop;
    private TimeSpan _readAfter = ReadSoon;
    private string? _stopped;

    /// <summary>Prepares what signals, updates and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RotateFleet(RotateFleetRequest request)
        : this(new FleetRun(request, new FleetBook(request)))
    {
    }

    private RotateFleet(FleetRun run)
        : base(run) => (_run, _book, _rotations) = (run, run.Book, new(run));

    /// <summary>Rotates wave after wave.</summary>
    [WorkflowRun]
    public async Task<FleetResult> RunAsync(RotateFleetRequest request)
    {
        _ = StopWhenCancelledAsync();
        Refuse(FleetRules.ProblemsOf(request));
        _run.ShowPlan();
        for (int wave = 0; wave < _book.Waves.Count; wave++)
            await RotateWaveAsync(wave);
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        return End();
    }

    private bool MayStart => _stopped is null && !_run.Controls.Standing;

    private async Task RotateWaveAsync(int wave)
    {
        string name = _book.Waves[wave];
        if (_book.IsSettled(wave))
        {
            _run.Board.SetStep(name, _book.Rows.Any(r => r.Wave == wave && r.State != FleetRowState.Skipped) ? StepState.Done : StepState.Skipped, _stopped);
            return;
        }

        if (_stopped is null && _run.Fleet.Progress.All(r => r.Wave != wave || r.State == FleetRowState.Pending))
            await PassAsync(wave, name);
        _run.Board.SetStep(name, StepState.Running);
        while (!_book.IsSettled(wave))
        {
            if (MayStart)
                await Workflow.WhenAllAsync(_book.Next(wave).Select(_rotations.StartAsync));
            Show(name);
            await WaitAsync();
            Judge();
            await ContinueAsNewWhenLongAsync();
        }

        _run.Board.SetStep(name, _stopped is null ? StepState.Done : StepState.Failed, _stopped);
    }

    private async Task PassAsync(int wave, string name)
    {
        try
        {
            await _run.CheckpointAsync();
            if (_run.HasGate(wave))
                await new Gatekeeper(_run).PassAsync(name, $"{Words()}. {_book.Rows.Count(r => r.Wave == wave)} clusters are next.");
        }
        catch (ApplicationFailureException e) when (e.ErrorType is RotationErrors.Rejected or RotationErrors.Cancelled)
        {
            StopNow(e.Message);
        }
    }

    private async Task WaitAsync()
    {
        (FleetStop? stop, bool mayStart) = (_stop, MayStart);
        bool Changed() => _rotations.HasEnded || _stop != stop || MayStart != mayStart;
        if (_book.Open.Count > 0)
            await WaitForNewsAsync(Changed);
        else if (!mayStart)
            await Workflow.WaitConditionAsync(() => Changed() || _stopped is not null, CancellationToken.None);
        if (_stop != stop)
            await ActOnStopAsync();
        await _rotations.ReadAsync(_stop?.Rotations == FleetStopMode.Cancel ? TimeSpan.Zero : _run.Fleet.HoldLimit.Value);
    }

    private async Task WaitForNewsAsync(Func<bool> changed)
    {
        bool news = await Workflow.WaitConditionWithOptionsAsync(new(changed, _readAfter, "reads where the rotations are", CancellationToken.None));
        _readAfter = news ? ReadSoon : _readAfter * 2 < ReadLate ? _readAfter * 2 : ReadLate;
    }

    private async Task ActOnStopAsync()
    {
        if (_stop!.Rotations == FleetStopMode.Cancel)
            await _rotations.CancelAllAsync();
        else if (_stop.Rotations == FleetStopMode.Abandon)
            _book.AbandonRunning();
    }

    // Stopping is for good: a held rotation that goes on later does not start the fleet again.
    private void Judge()
    {
        if (_stopped is null && _run.Fleet.OnFailure == FleetFailure.Stop && _book.Trouble is { } trouble)
            StopNow(trouble);
    }

    private void StopNow(string why)
    {
        _stopped ??= why;
        _book.SkipPending($"the fleet stopped: {_stopped}");
        _run.Board.Failed(why);
    }

    private async Task ContinueAsNewWhenLongAsync()
    {
        bool isLong = Workflow.CurrentHistoryLength > _run.Fleet.ContinueAfter || Workflow.ContinueAsNewSuggested;
        if (!isLong || _run.Controls.Standing || _rotations.HasEnded)
            return;
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        RotateFleetRequest next = _run.Fleet with { Progress = _book.Rows };
        throw Workflow.CreateContinueAsNewException((RotateFleet w) => w.RunAsync(next));
    }

    private FleetResult End()
    {
        if (_run.Controls.Standing)
            _run.Controls.Resume(new() { Operator = "the fleet", Reason = "nothing is left to begin" });
        var result = new FleetResult { Clusters = _book.Rows, Seconds = (Workflow.UtcNow - Workflow.Info.WorkflowStartTime).TotalSeconds };
        if (_book.Rows.All(r => r.State == FleetRowState.Completed))
        {
            _run.Board.Apply(RotationEvent.Complete);
            _run.Board.Say($"All {_book.Rows.Count} clusters are rotated.");
            return result with { State = RotationState.Completed };
        }

        string message = $"{Words()}. {_stopped ?? _book.Trouble}";
        _run.Board.Failed(message);
        _run.Board.Apply(RotationEvent.Refuse);
        throw new ApplicationFailureException(message, RotationErrors.FleetIncomplete, nonRetryable: true, details: [result with { State = RotationState.Failed }]);
    }

    private void Refuse(IReadOnlyList<string> problems)
    {
        if (problems.Count == 0)
            return;
        _run.Board.Apply(RotationEvent.Refuse);
        RequestRules.ThrowIfAny(problems);
    }

    private void Show(string wave) => _run.Board.Say($"{wave}: {Words()}.{(_stopped is null ? "" : $" Stopped: {_stopped}")}");

    private string Words() => string.Join(", ", _book.Counts.Select(c => $"{c.Value} {c.Key}"));

    private async Task StopWhenCancelledAsync()
    {
        try
        {
            await Workflow.WaitConditionAsync(() => false, Workflow.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            Stop(new() { Operator = "cancel request" });
        }
    }
}
