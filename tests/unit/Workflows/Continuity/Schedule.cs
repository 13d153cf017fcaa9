using Rotation.Workflows.Keypairs;

namespace Rotation.Tests.Unit.WorkflowRules.Continuity;

/// <summary>Runs a procedure on a world, event by event, as the choices say; when they are used up it goes straight to its end.</summary>
internal sealed class Schedule(Procedure procedure, byte[] choices)
{
    private const int MostEvents = 2000;
    private readonly World _world = new();
    private readonly HashSet<string> _delivered = [];
    private readonly List<(string Step, Move Move)> _program = [];
    private readonly List<string> _log = [];
    private int _at;
    private int _used;
    private bool _back;

    /// <summary>What went wrong, with the events that led to it; null when nothing did and the end is right.</summary>
    public string? Run()
    {
        foreach (string step in procedure.Steps)
            _program.AddRange(procedure.Forward(step).Select(m => (step, m)));
        for (int events = 0; _at < _program.Count; events++)
        {
            if (events > MostEvents)
                return Say("does not end");
            Event();
            if (_world.Broken() is { } broken)
                return Say(broken);
        }

        Key end = _back ? Key.Old : Key.New;
        bool right = _world is { Verified: true } && _world.Primary == end && _world.Trusted == end && (!_back || _world.Sink == World.Original);
        return right ? null : Say($"ends wrong: primary {_world.Primary}, trusted {_world.Trusted}, sink {_world.Sink}");
    }

    private void Event()
    {
        int choice = Next();
        switch (choice % 16)
        {
            case 0:
                _world.Join(Next());
                _log.Add("join");
                break;
            case 1:
                _world.Replace(Next() % _world.Nodes.Count, Next());
                _log.Add("a node is lost and replaced");
                break;
            case 2 or 3:
                int client = Next() % _world.Held.Count;
                _world.Held[client] = _world.Sink;
                _log.Add($"client {client} fetches");
                break;
            case 4 when _at > 0:
                // A retry, or a second worker that believes it has the task.
                Act(_program[_at - 1]);
                _log.Add($"again {_program[_at - 1]}");
                break;
            case 5:
                Crash();
                break;
            case 6 when !_back && choice >= 128 && _at > 0:
                GoBack();
                break;
            default:
                if (Act(_program[_at]))
                    _log.Add($"{_program[_at++]}");
                break;
        }
    }

    // Progress inside the step is lost; gates that were passed are asked again.
    private void Crash()
    {
        string step = _program[_at].Step;
        while (_at > 0 && _program[_at - 1].Step == step)
            _at--;
        _log.Add($"crash, begins {step} again");
    }

    private void GoBack()
    {
        string current = _program[_at].Step;
        string[] begun = [.. procedure.Steps.Take(procedure.Steps.ToList().IndexOf(current) + 1)];
        if (!procedure.OldestFirst)
            Array.Reverse(begun);
        _program.Clear();
        foreach (string step in begun)
            _program.AddRange(procedure.Back(step).Select(m => ($"back-{step}", m)));
        (_at, _back) = (0, true);
        _log.Add($"goes back from {current}");
    }

    /// <summary>Does a move; false while it is not done.</summary>
    private bool Act((string Step, Move Move) what)
    {
        switch (what.Move)
        {
            case Move.Stage:
                _world.Staged = true;
                if (!_back && _world.Primary == Key.Old)
                    _world.Trusted |= Key.New;
                return true;
            case Move.Promote:
                _world.Primary = _world.Trusted.HasFlag(Key.New) ? Key.New : _world.Primary;
                return true;
            case Move.PromoteOld:
                _world.Primary = Key.Old;
                return true;
            case Move.Distrust:
                _world.Trusted &= _world.Primary == Key.New ? ~Key.Old : Key.Both;
                return true;
            case Move.TrustOld:
                _world.Trusted |= Key.Old;
                return true;
            case Move.DistrustNew:
                _world.Trusted &= _world.Primary == Key.Old ? ~Key.New : Key.Both;
                return true;
            case Move.Update:
                _world.Update();
                return true;
            case Move.Roll:
                return RollOne();
            case Move.Verify:
                return VerifyOrHeal();
            default:
                return ActOnKubeconfigs(what);
        }
    }

    private bool ActOnKubeconfigs((string Step, Move Move) what)
    {
        switch (what.Move)
        {
            case Move.Deliver or Move.DeliverAdmin:
                // The activity refuses to deliver another bundle than the step's: a late retry must not bring what a later step made.
                if (_world.Trusted != (what.Step == StepNames.ExportNewCa ? Key.New : Key.Both))
                    return true;
                _world.Kept.TryAdd(what.Step, _world.Sink);
                _world.Sink = new(_world.Trusted, what.Move == Move.DeliverAdmin ? _world.Primary : _world.Sink.Admin);
                _delivered.Add(what.Step);
                return true;
            case Move.Restore:
                _world.Sink = _world.Kept.GetValueOrDefault(what.Step["back-".Length..], _world.Sink);
                return true;
            default:
                string needed = what.Step.EndsWith(StepNames.Promote, StringComparison.Ordinal) ? StepNames.ExportNewCa : StepNames.ExportAdmin;
                return FetchAll(what.Move == Move.ClientsFetch || _delivered.Contains(needed));
        }
    }

    // People open the gate when the last client has fetched.
    private bool FetchAll(bool asked)
    {
        int late = asked ? _world.Held.FindIndex(h => h != _world.Sink) : -1;
        if (late >= 0)
            _world.Held[late] = _world.Sink;
        return late < 0;
    }

    private bool RollOne()
    {
        if (_world.NextToRoll() is not { } node)
            return true;
        _world.Replace(node, Next());
        return false;
    }

    private bool VerifyOrHeal()
    {
        if (_world.NextToHeal() is { } wrong)
            _world.Replace(wrong, Next());
        return _world.Verified;
    }

    private int Next() => _used < choices.Length ? choices[_used++] : 15;

    private string Say(string problem) => $"{problem}\n  {string.Join("\n  ", _log)}";
}
