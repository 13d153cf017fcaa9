using Rotation.Tests.EndToEnd.Processes;
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
        await using Stage stage = await Stage.OpenAsync("--nodes", "2", "--control-plane", "1", "--speed", "1000");
        var before = stage.Store.Read();

        await stage.StartRotationAsync("--engine", "kops", "--auto-approve");
        RotationStatus end = await stage.EndAsync();

        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        end.NodesRolled.ShouldBe(9);
        foreach ((string name, StoredKeyset keyset) in stage.Store.Read())
            keyset.Primary.ShouldNotBe(before[name].Primary, name);
    }
}
