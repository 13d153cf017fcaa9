using Rotation.Tests.EndToEnd.Processes;
using Rotation.Worker.Labs;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>A rotation whose nodes are replaced by kops' own rolling update, three times.</summary>
public sealed class KopsEngineTests
{
    [Fact]
    public async Task Kops_own_rolling_update_takes_a_rotation_through_its_six_steps()
    {
        await using WarmStage stage = await WarmStage.OpenAsync(new LabPlan { Nodes = 2, ControlPlane = 1, Speed = 1000 });
        var before = stage.Store.Read();

        await stage.StartRotationAsync(new RotateKeypairsRequest { Approvals = new() { Auto = true }, Roll = new() { Engine = RollEngine.Kops } });
        RotationStatus end = await stage.EndAsync();

        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        end.NodesRolled.ShouldBe(9);
        foreach ((string name, StoredKeyset keyset) in stage.Store.Read())
            keyset.Primary.ShouldNotBe(before[name].Primary, name);
    }
}
