using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

public sealed class HistoryLimitTests
{
    [Theory]
    [InlineData(20, 1_000_000, "Workflow history count exceeds limit.")]
    [InlineData(1000, 2_000, "Workflow history size exceeds limit.")]
    public async Task A_run_whose_history_gets_too_long_is_terminated(int events, long bytes, string reason)
    {
        await using var server = await EmbeddedServer.StartAsync(new() { MaxHistoryEvents = events, MaxHistoryBytes = bytes }, TestContext.Current.CancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        var run = await client.StartWorkflowAsync((Conversation w) => w.RunAsync("too long"), new(RandomId.New("run"), RandomId.New("nobody")));

        while ((await run.DescribeAsync()).Status == WorkflowExecutionStatus.Running)
            await run.SignalAsync(w => w.SayAsync(new string('x', 100)));

        var last = (await run.FetchHistoryAsync()).Events.Last();
        last.WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe(reason);
        last.WorkflowExecutionTerminatedEventAttributes.Identity.ShouldBe("history-service");
    }
}
