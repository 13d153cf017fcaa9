using Rotation.Tests.EndToEnd.Processes;
using Rotation.Worker.Labs;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>kops fails for good in the middle of each step: the rotation ends at its start, down to the bytes of the kubeconfigs.</summary>
public sealed class RollbackTests
{
    // The gate at which the failure is ordered, and what fails: kops' words make it one that no retry can help.
    [Theory]
    [InlineData("1-stage", "before 1 create keypair etcd-peers-ca-main | keyset not found")]
    [InlineData("1-stage", "before 1 export kubecfg !--admin | unknown flag: --kubeconfig")]
    [InlineData("3-promote", "before 1 promote keypair etcd-peers-ca-main | keypair is distrusted")]
    [InlineData("3-promote", "before 1 export kubecfg +--admin=18h | unknown flag: --admin")]
    [InlineData("5-distrust", "before 1 distrust keypair etcd-peers-ca-main | cannot distrust the primary keypair")]
    [InlineData("5-distrust", "before 1 export kubecfg !--admin | unknown flag: --kubeconfig")]
    public async Task A_step_that_fails_is_taken_back_with_all_before_it(string gate, string fault)
    {
        await using WarmStage stage = await WarmStage.OpenAsync(new LabPlan { Nodes = 1, ControlPlane = 1, Speed = 1000 });
        IReadOnlyDictionary<string, StoredKeyset> before = stage.Store.Read();
        byte[] kubeconfig = await File.ReadAllBytesAsync(stage.Folder.Kubeconfig, TestContext.Current.CancellationToken);
        await stage.StartRotationAsync(new RotateKeypairsRequest { OnFailure = FailureReaction.Rollback });

        foreach (string each in ((string[])["1-stage", "3-promote", "5-distrust"]).TakeWhile(g => string.CompareOrdinal(g, gate) < 0))
            await stage.ApproveAsync(each);
        await stage.StatusAsync(s => s.Gate == gate);
        await File.WriteAllTextAsync(stage.Folder.KopsFaults, fault, TestContext.Current.CancellationToken);
        await stage.ApproveAsync(gate);
        RotationStatus end = await EndAsync(stage);

        end.State.ShouldBe(RotationState.RolledBack, end.LastFailure);
        stage.Store.Read().Select(k => $"{k.Key} {k.Value.Trust}").Order().ShouldBe(before.Select(k => $"{k.Key} {k.Value.Trust}").Order());
        (await File.ReadAllBytesAsync(stage.Folder.Kubeconfig, TestContext.Current.CancellationToken)).ShouldBe(kubeconfig);
        await using var pen = new ProcessPen();
        pen.Environment["TEMPORAL_ADDRESS"] = stage.Address;
        (await pen.RunAsync("status", Stage.Rotation)).ExitCode.ShouldBe(1);
    }

    // A way back that would cut off clients asks first.
    private static async Task<RotationStatus> EndAsync(WarmStage stage)
    {
        while (true)
        {
            RotationStatus status = await stage.StatusAsync(s => s.State is RotationState.RolledBack or RotationState.Completed or RotationState.Failed or RotationState.Paused || s.Gate is not null);
            if (status.Gate is null)
                return status;
            await stage.ApproveAsync(status.Gate);
        }
    }
}
