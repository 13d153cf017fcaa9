using Rotation.Tests.EndToEnd.Processes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary><c>kill -9</c> in the middle of each step that changes keysets: the rotation goes on, and no keyset gets a keypair twice.</summary>
public sealed class DeathTests
{
    private static readonly (string Step, Func<StoredKeyset, bool> IsDone)[] Steps =
    [
        ("1-stage", keyset => keyset.Keypairs.Count > 1),
        ("3-promote", keyset => keyset.Keypairs.Count > 1 && keyset.Primary == keyset.Keypairs[1].Id),
        ("5-distrust", keyset => keyset.Keypairs.Count > 1 && !keyset.Keypairs[0].Trusted),
    ];

    [Theory]
    [InlineData("worker")]
    [InlineData("server")]
    public async Task A_rotation_survives_the_death_of_a_process_in_each_step(string process)
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", "1", "--speed", "1000");
        IReadOnlyDictionary<string, StoredKeyset> before = stage.Store.Read();
        await stage.StartRotationAsync("--auto-approve");

        foreach ((string step, Func<StoredKeyset, bool> isDone) in Steps)
        {
            await stage.StoreAsync(store => store.Values.Any(isDone));
            await KillAsync(stage, process);
            stage.Store.Read().Values.ShouldContain(k => !isDone(k), $"the {process} was killed after {step}, not in its middle");
            await ReviveAsync(stage, process);
        }

        RotationStatus end = await stage.EndAsync();
        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        foreach ((string name, StoredKeyset keyset) in stage.Store.Read())
        {
            keyset.Keypairs.Count.ShouldBe(2, name);
            (keyset.Keypairs[0].Id, keyset.Keypairs[0].Trusted).ShouldBe((before[name].Primary, false));
            (keyset.Keypairs[1].Id, keyset.Keypairs[1].Trusted).ShouldBe((keyset.Primary, true));
        }
    }

    private static Task KillAsync(Stage stage, string process) => process == "worker" ? stage.KillWorkerAsync() : stage.KillServerAsync();

    private static Task ReviveAsync(Stage stage, string process) => process == "worker" ? stage.StartWorkerAsync() : stage.StartServerAsync();
}
