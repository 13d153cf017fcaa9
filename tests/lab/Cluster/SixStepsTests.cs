using Rotation.Lab.Probes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Cluster;

public sealed class SixStepsTests
{
    [Fact]
    public async Task The_right_procedure_fails_no_rightful_request_and_ends_the_old_credential()
    {
        await using var run = await LabRun.StartAsync();
        await run.ProbeAsync();

        run.Kops.Stage();
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Export(run.Kops.Kubeconfig, admin: false);
        await run.ProbeAsync();
        run.Kops.Promote();
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Export(run.Kops.Kubeconfig, admin: true);
        await run.ProbeAsync();
        run.Kops.Distrust();
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Export(run.Kops.Kubeconfig, admin: false);
        run.Probes.MarkDistrusted();
        await run.ProbeAsync();

        var seen = run.Probes.Snapshot();
        seen.Failed.ShouldBe(0, run.Describe());
        seen.Classes.ShouldAllBe(c => c.Requests > 60);
        seen.OldRequestsAfterDistrust.ShouldBeGreaterThanOrEqualTo(20);
        seen.FailedAfterDistrustOld.ShouldBe(seen.OldRequestsAfterDistrust);
        seen.Failures.Last(f => f.Class == ProbeClasses.OldAdmin).Kind.ShouldBe("client-refused-server");
    }
}
