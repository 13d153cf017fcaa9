using Rotation.Activities.Kops;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class KopsProcessTests : IDisposable
{
    private readonly TestCluster _cluster = new();

    [Fact]
    public async Task Arguments_reach_kops_as_they_are()
    {
        _cluster.Script("printf '%s|' \"$@\"");

        KopsAnswer answer = await RunAsync(["a b", "$(touch x)", ";", "*"]);

        answer.Output.ShouldBe("a b|$(touch x)|;|*|");
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM INT HUP;")]
    public async Task Cancelling_ends_kops_and_its_children_also_when_they_ignore_the_first_signal(string trap)
    {
        _cluster.Script($"{trap}\n( {trap} echo $$ > \"$TEST/pid\"; sh -c '{trap.Replace("''", "\"\"", StringComparison.Ordinal)} while :; do sleep 0.1; done' & echo $! > \"$TEST/child\"; touch \"$TEST/up\"; while :; do sleep 0.1; done )");
        using var cancel = new CancellationTokenSource();
        Task<KopsAnswer> running = RunUntilAsync(["x"], TimeSpan.FromSeconds(30), cancel.Token);
        await Eventually.HoldsAsync(() => (File.Exists(Path.Combine(_cluster.Folder, "up"))).ShouldBeTrue());

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        IsAlive("pid").ShouldBeFalse();
        IsAlive("child").ShouldBeFalse();
    }

    [Fact]
    public async Task The_deadline_ends_it_as_a_failure_that_is_retried()
    {
        _cluster.Script("sleep 60");

        var error = await Should.ThrowAsync<ApplicationFailureException>(RunAsync(["x"], TimeSpan.FromSeconds(0.3)));

        error.ErrorType.ShouldBe(RotationErrors.KopsTimedOut);
        error.NonRetryable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_child_that_outlives_kops_is_ended_and_does_not_hold_up_the_answer()
    {
        _cluster.Script("sleep 60 & echo $! > \"$TEST/child\"; echo done");

        (await RunAsync(["x"])).Output.ShouldBe("done\n");

        await Eventually.HoldsAsync(() => (!IsAlive("child")).ShouldBeTrue());
    }

    [Fact]
    public async Task Huge_output_is_bounded()
    {
        _cluster.Script("head -c 30000000 /dev/zero | tr '\\0' 'x'; echo end");

        KopsAnswer answer = await RunAsync(["x"]);

        answer.Output.Length.ShouldBeLessThan(4 * BoundedText.HalfBound);
        answer.Output.ShouldEndWith("xend\n");
    }

    public void Dispose() => _cluster.Dispose();

    private Task<KopsAnswer> RunAsync(string[] arguments, TimeSpan? deadline = null) => RunUntilAsync(arguments, deadline ?? TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private Task<KopsAnswer> RunUntilAsync(string[] arguments, TimeSpan deadline, CancellationToken ct) =>
        _cluster.Get<KopsProcess>().RunAsync(_cluster.Kops, new() { Arguments = arguments, Deadline = deadline }, new Dictionary<string, string>(), ct);

    private bool IsAlive(string file)
    {
        string pid = File.ReadAllText(Path.Combine(_cluster.Folder, file)).Trim();
        string status = $"/proc/{pid}/stat";
        return File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
    }
}
