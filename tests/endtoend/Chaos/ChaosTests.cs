using System.Collections.Concurrent;
using System.Globalization;
using Rotation.Lab.Probes;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Connection;
using Rotation.Worker.Labs;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>
/// Rotations, forward and back, on lab, server and worker as processes of their own, with faults and <c>kill -9</c> at random moments: ten, on labs of one control-plane node;
/// <c>make chaos ROTATIONS=200 SEED=1</c> is the long form, on labs of three.
/// </summary>
public sealed class ChaosTests
{
    private const int PerStage = 20;
    private const int ShortForm = 10;
    private static readonly int Rotations = Number("ROTATION_CHAOS_ROTATIONS", ShortForm);
    private static readonly int Seed = Number("ROTATION_CHAOS_SEED", 1);
    private static readonly bool OneServer = Rotations <= ShortForm;
    // A rotation whose worker died waits for its heartbeats to run out, which costs nothing: others go on meanwhile. The short form has other tests beside it.
    private static readonly int Lanes = Number("ROTATION_CHAOS_LANES", OneServer ? 2 : 3);
    private readonly ChaosTally _tally = new();
    private readonly ConcurrentQueue<(int Number, ChaosPlan Plan)> _plans = new();
    private TimeSpan _expected = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_rotation_ends_done_or_undone_whoever_dies()
    {
        var random = new Random(Seed);
        for (int number = 1; number <= Rotations; number++)
            _plans.Enqueue((number, ChaosPlan.Draw(random)));
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Lanes, Rotations)).Select(_ => LaneAsync()));
        ChaosFindings.Tell(_tally.ToJson());
        _tally.Problems.ShouldBeEmpty($"seed {Seed}");
        (_tally.Completed + _tally.RolledBack).ShouldBe(Rotations);
        _tally.FailedRequests.ShouldBe(0);
    }

    private async Task LaneAsync()
    {
        while (!_plans.IsEmpty)
            await StageAsync();
    }

    // Several on one lab, as a cluster sees several in its life; a stage that one of them has spoilt is left.
    private async Task StageAsync()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", OneServer ? "1" : "3", "--speed", "1000", "--probe", "--probe-rate", "5", "--token-life", "10", "--kops-processes");
        ITemporalClient client = await TemporalConnector.OpenAsync(new TemporalAddress(stage.Address, "default"), RotationDataConverter.Plain, CancellationToken.None);
        bool usable = true;
        int failures = 0;
        for (int done = 0; usable && done < PerStage && _plans.TryDequeue(out var next); done++)
        {
            string id = $"chaos-{Seed}-{next.Number}";
            var rotation = new ChaosRotation(stage, client, id, next.Plan);
            TimeSpan? took = await rotation.RunAsync(_expected);
            failures = await JudgeProbesAsync(stage, failures, rotation.Tally);
            if (rotation.Tally.Problems.Count > 0)
                await ChaosFindings.KeepAsync(stage, client, id, rotation.Tally.Problems);
            _tally.Add(rotation.Tally);
            usable = took is not null;
            // Forward ones that met little trouble say how long one takes.
            _expected = (_expected * 0.8) + ((took ?? _expected) * 0.2);
            ChaosFindings.Tell($"{DateTimeOffset.UtcNow:HH:mm:ss} {next.Number}/{Rotations} after {took?.TotalSeconds ?? 0:F0} s: {next.Plan}; {_tally.ToJson()}");
        }
    }

    // What failed since the last look, on a stage that has one API server at a time only what was answered with a refusal: it is away while it is replaced.
    private static async Task<int> JudgeProbesAsync(Stage stage, int known, ChaosTally tally)
    {
        ProbeSnapshot seen = await Eventually.GetAsync(async () => (await ProbeFile.ReadAsync(stage.Folder, CancellationToken.None))!, s => s is { Requests: > 0 });
        ProbeFailure[] failures = [.. seen.Failures.Where(f => f.Class != ProbeClasses.OldAdmin && !(OneServer && f.Kind == ProbeFailure.NoAnswer))];
        tally.FailedRequests += failures.Length - known;
        tally.Problems.AddRange(failures.Skip(known).Take(20).Select(f => $"failed request at {f.At:HH:mm:ss.fff}: {f.Client} to {f.Server}: {f.Kind}: {f.Reason}"));
        return failures.Length;
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
