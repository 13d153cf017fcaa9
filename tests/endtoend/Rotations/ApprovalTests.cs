using Rotation.Tests.EndToEnd.Processes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>A rotation as people make it: one terminal starts it, another watches, a third approves, and the worker dies in between.</summary>
public sealed class ApprovalTests
{
    [Fact]
    public async Task People_take_a_rotation_through_its_gates_from_several_terminals()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "2", "--speed", "1000");

        Finished start = await stage.Pen.RunAsync("start", "keypairs", "--cluster", stage.Card.Cluster, "--id", Stage.Rotation, "--as", "alice");
        RotationProcess watch = stage.Pen.Start("watch", "watch", Stage.Rotation);
        Finished self = await stage.Pen.RunAsync("approve", Stage.Rotation, "--as", "alice", "--comment", "my own", "--yes");
        foreach (string gate in (string[])["1-stage", "3-promote", "5-distrust"])
        {
            await stage.StatusAsync(s => s.Gate == gate);
            if (gate == "3-promote")
                await ReplaceWorkerAsync(stage);
            Finished approve = await stage.Pen.RunAsync("approve", Stage.Rotation, "--as", "bob", "--comment", "seen", "--yes");
            approve.ExitCode.ShouldBe(0, approve.Errors);
        }

        start.ExitCode.ShouldBe(4, start.Errors);
        start.Output.ShouldContain("1-stage");
        self.ExitCode.ShouldBe(3);
        self.Errors.ShouldContain("alice");
        (await watch.EndAsync(TimeSpan.FromMinutes(2))).ShouldBe(0);
        (await stage.EndAsync()).State.ShouldBe(RotationState.Completed);
        (await stage.Pen.RunAsync("status", Stage.Rotation)).ExitCode.ShouldBe(0);
        (await stage.Pen.RunAsync("list", "--json")).Output.ShouldContain(Stage.Rotation);
        await ReportAsync(stage);
    }

    // What auditors get: written while a worker runs, checked with nothing but the file.
    private static async Task ReportAsync(Stage stage)
    {
        Finished report = await stage.Pen.RunAsync("report", Stage.Rotation);
        report.ExitCode.ShouldBe(0, report.Errors);
        (await stage.Pen.RunAsync("report", Stage.Rotation, "--markdown")).Output.ShouldContain("| Approved | 1-stage | bob | seen |");
        await stage.KillServerAsync();
        string file = stage.Pen.PathOf("report.json");
        await File.WriteAllTextAsync(file, report.Output, TestContext.Current.CancellationToken);
        Finished intact = await stage.Pen.RunAsync("report", "verify", file);
        (intact.ExitCode, intact.Output.StartsWith("Intact. Head ", StringComparison.Ordinal)).ShouldBe((0, true), intact.Output + intact.Errors);
        await File.WriteAllTextAsync(file, report.Output.Replace("\"bob\"", "\"eve\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Finished changed = await stage.Pen.RunAsync("report", "verify", file);
        changed.ExitCode.ShouldBe(1);
        changed.Errors.ShouldContain("was changed");
    }

    private static async Task ReplaceWorkerAsync(Stage stage)
    {
        await stage.KillWorkerAsync();
        await stage.StartWorkerAsync();
    }
}
