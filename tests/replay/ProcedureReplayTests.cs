using Shouldly;
using Xunit;

namespace Rotation.Tests.Replay;

/// <summary>Which histories of <c>RotateSecret</c> and <c>LegacyRotation</c> must be among those that <see cref="ReplayTests"/> replays.</summary>
public sealed class ProcedureReplayTests
{
    [Theory]
    [InlineData("rotate-secret")]
    [InlineData("legacy-rotation")]
    public void Every_kind_of_ending_is_saved(string workflow) =>
        new[] { "completed", "rolled-back", "held-and-resumed", "rejected" }.Select(e => $"{workflow}-{e}").Except(ReplayTests.Histories.Select(h => h.Data)).ShouldBeEmpty();

    [Fact]
    public void Every_secret_is_saved() =>
        new[] { "rotate-secret-dockerconfig", "rotate-secret-ciliumpassword", "rotate-secret-weavepassword" }.Except(ReplayTests.Histories.Select(h => h.Data)).ShouldBeEmpty();
}
