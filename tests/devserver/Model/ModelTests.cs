using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.DevServer.Model;

/// <summary>Random commands, with restarts from the file between them, against a small model of what a Temporal service promises.</summary>
public sealed class ModelTests
{
    private const int Cases = 40;

    [Fact]
    public async Task Any_sequence_of_commands_and_restarts_leaves_what_the_model_says()
    {
        Gen<Step[]> steps = Gen.Choose(0, Ids.Length - 1).Zip(Gen.Choose(0, Enum.GetValues<Command>().Length - 1), (id, command) => new Step(Ids[id], (Command)command)).ArrayOf();
        foreach (Step[] sequence in steps.Sample(Cases, 60))
            await RunAsync(sequence);
    }

    private static readonly string[] Ids = ["a", "b", "c"];

    private static async Task RunAsync(Step[] sequence)
    {
        await using var bench = await ModelBench.OpenAsync();
        var model = new Dictionary<string, ModelRun>(StringComparer.Ordinal);
        for (int n = 0; n < sequence.Length; n++)
        {
            string story = $"step {n} of {string.Join(' ', sequence.Select(s => s.ToString()))}";
            (RpcException.StatusCode? expected, Action change) = Expect(model, sequence[n], $"word-{n}");
            RpcException.StatusCode? met = await bench.DoAsync(sequence[n], $"word-{n}", model.GetValueOrDefault(sequence[n].Id)?.HasTask == true);
            met.ShouldBe(expected, story);
            change();
            await bench.CheckAsync(model, story);
        }
    }

    /// <summary>The answer a service must give, and what must be true after it.</summary>
    private static (RpcException.StatusCode? Answer, Action Change) Expect(Dictionary<string, ModelRun> model, Step step, string word)
    {
        ModelRun? run = model.GetValueOrDefault(step.Id);
        bool open = run is { IsOpen: true };
        Action start = () => model[step.Id] = new ModelRun();
        Action none = () => { };
        RpcException.StatusCode? exists = RpcException.StatusCode.AlreadyExists, missing = RpcException.StatusCode.NotFound;
        return step.Command switch
        {
            Command.Start => open ? (exists, none) : (null, start),
            Command.StartOnce => run is not null ? (exists, none) : (null, start),
            Command.StartOrUse => open ? (null, none) : (null, start),
            Command.StartInstead => (null, start),
            Command.Signal => open ? (null, () => Signal(run!, word)) : (missing, none),
            Command.SignalWithStart => (null, () =>
            {
                if (!open)
                    start();
                Signal(model[step.Id], word);
            }
            ),
            Command.Cancel => open ? (null, () => (run!.CancelRequested, run.HasTask) = (true, run.HasTask || !run.CancelRequested)) : run is not null ? (null, none) : (missing, none),
            Command.Terminate => open ? (null, () => (run!.Status, run.HasTask) = (WorkflowExecutionStatus.Terminated, false)) : (missing, none),
            Command.Work when run is { HasTask: true } => (null, () => run.HasTask = false),
            Command.Complete when run is { HasTask: true } => (null, () => (run.Status, run.HasTask) = (WorkflowExecutionStatus.Completed, false)),
            _ => (null, none),
        };
    }

    private static void Signal(ModelRun run, string word)
    {
        run.Signals.Add(word);
        run.HasTask = true;
    }
}

internal enum Command
{
    Start,
    StartOnce,
    StartOrUse,
    StartInstead,
    Signal,
    SignalWithStart,
    Cancel,
    Terminate,
    Work,
    Complete,
    Restart,
}

internal sealed record Step(string Id, Command Command)
{
    public override string ToString() => $"{Command}({Id})";
}
