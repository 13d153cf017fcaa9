using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Locks;

/// <summary>Holders whose time is up, on a clock that is moved on.</summary>
public sealed class LockTimeTests
{
    [Fact]
    public async Task A_holder_that_runs_out_of_time_leaves_the_lock_to_the_next()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new LockHarness(server);
        await harness.HolderAsync(runTimeout: TimeSpan.FromDays(1));
        var waiter = await harness.WaiterAsync(ahead: 0);

        await server.PassAsync(TimeSpan.FromHours(25));

        await LockHarness.HoldsAsync(waiter);
        (await harness.HolderIdAsync()).ShouldBe(waiter.Id);
    }

    [Fact]
    public async Task A_lock_that_was_ended_by_hand_is_claimed_again_by_those_who_wait()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new LockHarness(server);
        await harness.HolderAsync();
        var waiter = await harness.WaiterAsync(ahead: 0);

        await harness.Lock.TerminateAsync("by hand");
        await server.PassAsync(TimeSpan.FromHours(2));

        await LockHarness.HoldsAsync(waiter);
    }
}
