using Rotation.Lab;
using Rotation.Lab.Invariants;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary><c>kill -9</c> of the worker in the middle of a rolling update that was started by itself.</summary>
public sealed class RollDeathTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_roll_whose_worker_dies_twice_replaces_every_node_once_and_keeps_within_its_limits()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "4", "--groups", "2", "--control-plane", "1", "--speed", "400");
        IReadOnlyList<LabEvent> events = await EventsAsync(stage);
        string[] old = [.. (await LabControl.StatusAsync(stage.Card, CancellationToken.None)).Nodes.Select(n => n.Id)];
        RotationProcess roll = stage.Pen.Start("roll", "start", "roll", "--cluster", stage.Card.Cluster, "--force", "--instances", string.Join(',', old), "--cluster-budget", "2", "--wait", "--json");

        foreach (int ended in new[] { 1, 3 })
        {
            await Eventually.GetAsync(() => EventsAsync(stage), seen => seen.Count(e => e.Kind == LabEvents.InstanceTerminating && old.Contains(e.Instance)) >= ended, Limit);
            await stage.KillWorkerAsync();
            await stage.StartWorkerAsync();
        }

        (await roll.EndAsync(Limit)).ShouldBe(0, roll.Story);
        roll.Output.ShouldContain($"\"nodesRolled\": {old.Length}");
        IReadOnlyList<LabEvent> all = await EventsAsync(stage);
        foreach (string id in old)
            foreach (string once in new[] { LabEvents.InstanceTerminating, LabEvents.NodeCordoned })
                all.Count(e => e.Kind == once && e.Instance == id).ShouldBe(1, $"{once} of {id}");
        RollChecker.Check(all, events[^1].Sequence, new() { OtherGroups = 1, Budget = 2, ControlPlaneGroups = ["control-plane-us-east-1a"] }).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<LabEvent>> EventsAsync(Stage stage) => LabControl.EventsAsync(stage.Card, CancellationToken.None);
}
