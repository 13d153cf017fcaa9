using Rotation.Tests.EndToEnd.Processes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary><c>kill -9</c> in the middle of the steps that change keysets: the rotation goes on, and no keyset gets a keypair twice.</summary>
public sealed class DeathTests
{
    private static readonly Dictionary<string, Func<StoredKeyset, bool>> Changed = new()
    {
        ["stage"] = keyset => keyset.Keypairs.Count == 2,
        ["promote"] = keyset => keyset.Primary == keyset.Keypairs[1].Id,
        ["distrust"] = keyset => !keyset.Keypairs[0].Trusted,
    };

    [Theory]
    [InlineData("worker", "stage")]
    [InlineData("worker", "promote")]
    [InlineData("worker", "distrust")]
    [InlineData("server", "stage")]
    [InlineData("server", "promote")]
    [InlineData("server", "distrust")]
    public async Task A_rotation_survives_the_death_of_a_process(string process, string step)
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", "1", "--speed", "600");
        IReadOnlyDictionary<string, StoredKeyset> before = stage.Store.Read();
        await stage.StartRotationAsync("--auto-approve");

        IReadOnlyDictionary<string, StoredKeyset> midway = await stage.StoreAsync(store => store.Values.Any(k => k.Keypairs.Count > 1 && Changed[step](k)));
        if (process == "worker")
            await ReplaceWorkerAsync(stage);
        else
            await ReplaceServerAsync(stage);
        RotationStatus end = await stage.EndAsync();

        midway.Values.ShouldContain(k => k.Keypairs.Count < 2 || !Changed[step](k), "the process was killed after the step, not in its middle");
        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        foreach ((string name, StoredKeyset keyset) in stage.Store.Read())
        {
            keyset.Keypairs.Count.ShouldBe(2, name);
            keyset.Keypairs[0].ShouldBe(new StoredKeypair(before[name].Primary, Trusted: false));
            keyset.Keypairs[1].ShouldBe(new StoredKeypair(keyset.Primary, Trusted: true));
        }
    }

    private static async Task ReplaceWorkerAsync(Stage stage)
    {
        await stage.KillWorkerAsync();
        await stage.StartWorkerAsync();
    }

    private static async Task ReplaceServerAsync(Stage stage)
    {
        await stage.KillServerAsync();
        await stage.StartServerAsync();
    }
}
