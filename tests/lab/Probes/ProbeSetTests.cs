using Rotation.Lab;
using Rotation.Lab.Probes;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Probes;

/// <summary>How often probing clients ask, and what they keep of a failure. The clock stands still but where a test moves it.</summary>
public sealed class ProbeSetTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CountedTime _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly HandKops _kops = new(1, 2);
    private LabCluster _lab = null!;
    private ProbeSet _probes = null!;

    public async ValueTask InitializeAsync()
    {
        _kops.Export(_kops.Kubeconfig, admin: true);
        _lab = await LabCluster.StartAsync(LabRun.Options(_kops), TestContext.Current.CancellationToken);
        // A class without a pod to ask as lets its turn go, and a clock that stands still brings no other: first everybody has what it needs.
        await using (var first = ProbeSet.Start(_lab, _kops.Kubeconfig))
            await Eventually.GetAsync(() => Task.FromResult(first.Snapshot()), s => s.Classes.All(c => c.Requests > c.Failed), Patience);
        _probes = ProbeSet.Start(_lab, _kops.Kubeconfig, time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _probes.DisposeAsync();
        await _lab.DisposeAsync();
        _kops.Dispose();
    }

    [Fact]
    public async Task Each_class_asks_at_least_ten_times_a_second_and_makes_good_what_was_held_up()
    {
        await AdvanceAsync(TimeSpan.FromSeconds(1), 1);
        await AdvanceAsync(TimeSpan.FromSeconds(2), 3);

        ProbeSnapshot seen = _probes.Snapshot();
        seen.Classes.Select(c => c.Class).ShouldBe([ProbeClasses.Admin, ProbeClasses.ServiceAccount, ProbeClasses.Kubelet, ProbeClasses.ToKubelet, ProbeClasses.OldAdmin]);
        seen.Classes.ShouldAllBe(c => c.Requests >= 30 && c.Requests <= 3 * ProbeSet.DefaultRate);
        seen.Failed.ShouldBe(0, string.Join('\n', seen.Failures));
    }

    [Fact]
    public async Task What_a_minute_without_a_request_held_up_does_not_come_all_at_once()
    {
        await AdvanceAsync(TimeSpan.FromMinutes(1), 2);
        await AdvanceAsync(TimeSpan.FromSeconds(1), 3);

        _probes.Snapshot().Classes.ShouldAllBe(c => c.Requests <= (3 * ProbeSet.DefaultRate) + 2);
    }

    [Fact]
    public async Task A_failure_is_kept_with_time_server_issuer_and_reason()
    {
        await AdvanceAsync(TimeSpan.FromSeconds(1), 1);
        _lab.SetFault(new LabFault { Kind = LabFaultKind.ApiErrorRate });
        _time.Advance(TimeSpan.FromSeconds(1));
        ProbeSnapshot seen = await RestsAsync();

        seen.Classes[0].Failed.ShouldBeGreaterThanOrEqualTo(10);
        ProbeFailure failure = seen.Failures.Last(f => f.Class == ProbeClasses.Admin);
        failure.At.ShouldBe(_time.GetUtcNow());
        failure.Server.ShouldBe(_lab.GetStatus().Nodes.Single(n => n.Role == "control-plane").Id);
        failure.Issuer.ShouldEndWith("CN=kubernetes-ca");
        (failure.Client, failure.Kind, failure.Reason).ShouldBe(("admin", "http-500", "Internal error occurred: injected by the lab"));
        seen.Failures.Count(f => f.Class == ProbeClasses.Admin).ShouldBe((int)seen.Classes[0].Failed);
    }

    /// <summary>Moves the clock and waits until every class has made the requests that were due by then, at ten a second.</summary>
    private async Task AdvanceAsync(TimeSpan by, int seconds)
    {
        await RestsAsync();
        _time.Advance(by);
        ProbeSnapshot seen = await RestsAsync();
        seen.Classes.ShouldAllBe(c => c.Requests >= 10 * seconds);
    }

    /// <summary>Waits until every class waits for its next turn: what was due is done.</summary>
    private async Task<ProbeSnapshot> RestsAsync()
    {
        await Eventually.GetAsync(() => Task.FromResult(_time.Waiting), waiting => waiting == _probes.Snapshot().Classes.Count, Patience);
        return _probes.Snapshot();
    }
}
