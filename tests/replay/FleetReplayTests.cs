using Shouldly;
using Xunit;

namespace Rotation.Tests.Replay;

/// <summary>Fleets, policies and locks: each ending has a saved history, which <see cref="ReplayTests"/> replays.</summary>
public sealed class FleetReplayTests
{
    [Fact]
    public void Every_ending_is_saved() =>
        new[]
        {
            "rotate-fleet-completed", "rotate-fleet-failed", "rotate-fleet-refused", "rotate-fleet-stopped", "rotate-fleet-continued",
            "rotation-policy-rotated", "rotation-policy-window-closed", "rotation-policy-failed",
            "cluster-hold-given-back", "cluster-hold-cancelled", "cluster-lock-replay-locks.example.com%40s3%3A%2F%2Fdefault",
        }.Except(ReplayTests.Histories.Select(h => h.Data)).ShouldBeEmpty();
}
