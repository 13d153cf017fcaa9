using Rotation.Lab;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary><c>rotation roll</c>: what an engineer on call sees of a roll that holds, and says to it.</summary>
public sealed class RollCommandTests
{
    [Fact]
    public async Task A_roll_that_holds_says_so_is_asked_to_try_again_and_completes()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "2", "--control-plane", "1", "--speed", "1000");
        LabFault fault = await LabControl.SetAsync(stage.Card, new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-1" }, CancellationToken.None);
        string id = $"roll-{stage.Card.Cluster}";
        (await stage.Pen.RunAsync("start", "roll", "--cluster", stage.Card.Cluster, "--force", "--instance-group", "nodes-1", "--validation-timeout", "2s")).ExitCode.ShouldBe(0);

        Finished held = await Eventually.GetAsync(() => stage.Pen.RunAsync("roll", "status", id), s => s.ExitCode == 4);
        Finished nameless = await stage.Pen.RunAsync("roll", "force", id);
        Finished otherKind = await stage.Pen.RunAsync("status", id);
        await LabControl.ClearAsync(stage.Card, fault.Id, CancellationToken.None);
        Finished retry = await stage.Pen.RunAsync("roll", "retry", id, "--as", "alice", "-m", "joins again");
        Finished done = await Eventually.GetAsync(() => stage.Pen.RunAsync("roll", "status", id), s => s.Output.Contains("2 of 2 instances are replaced", StringComparison.Ordinal));
        Finished late = await Eventually.GetAsync(() => stage.Pen.RunAsync("roll", "skip", id), s => s.Errors.Contains("has ended", StringComparison.Ordinal));

        held.Output.ShouldContain($"to go on: rotation roll retry {id}");
        held.Output.ShouldContain("nodes-1");
        (nameless.ExitCode, otherKind.ExitCode, retry.ExitCode, done.ExitCode, late.ExitCode).ShouldBe((2, 3, 0, 0, 3));
        nameless.Errors.ShouldContain("--instances");
        otherKind.Errors.ShouldContain("rotation roll status");
    }
}
