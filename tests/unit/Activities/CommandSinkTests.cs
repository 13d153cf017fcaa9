using System.Text;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class CommandSinkTests : IDisposable
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Rotation:Sinks:mine:Type"] = "command", ["Rotation:Sinks:mine:Command:0"] = "/bin/sh", ["Rotation:Sinks:mine:Command:1"] = "{folder}/sink" };

    private TestCluster _cluster = new(Settings);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IKubeconfigSink Sink => _cluster.Get<Sinks>().Choose(["mine"]).Single().Sink;

    [Fact]
    public async Task Content_goes_through_standard_input_and_output()
    {
        Script("f=\"$(dirname \"$0\")/$2\"; case $1 in read) [ -f \"$f\" ] || exit 4; cat \"$f\";; write) cat > \"$f\";; delete) rm -f \"$f\";; esac");

        (await Sink.ReadAsync("c", Token)).ShouldBeNull();
        await Sink.WriteAsync("c", "content\n"u8.ToArray(), Token);
        Encoding.UTF8.GetString((await Sink.ReadAsync("c", Token))!).ShouldBe("content\n");
        await Sink.DeleteAsync("c", Token);
        (await Sink.ReadAsync("c", Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("echo token: CANARY-1234567 >&2; exit 1", "exit code 1", "00:01:00")]
    [InlineData("sleep 60", "took longer", "00:00:00.5")]
    public async Task A_failure_is_retried_and_says_why_without_secrets(string script, string why, string deadline)
    {
        _cluster.Dispose();
        _cluster = new(new(Settings) { ["Rotation:Deadlines:Call"] = deadline });
        Script(script);

        var error = await Should.ThrowAsync<ApplicationFailureException>(Sink.WriteAsync("c", "content"u8.ToArray(), Token));

        error.ErrorType.ShouldBe(RotationErrors.SinkFailed);
        error.NonRetryable.ShouldBeFalse();
        error.Message.ShouldContain(why);
        error.Message.ShouldNotContain("CANARY");
    }

    public void Dispose() => _cluster.Dispose();

    private void Script(string body) => File.WriteAllText(Path.Combine(_cluster.Folder, "sink"), body + "\n");
}
