using System.Collections.Concurrent;
using System.Threading.Channels;
using Temporalio.Activities;
using Temporalio.Worker.Interceptors;

namespace Rotation.Tests.Workflow.Deaths;

/// <summary>
/// Workers that die with each call of some activities: its effect is there, its answer is not, and whatever the worker knew is lost with it. The attempt after is let through.
/// </summary>
internal sealed class DyingWorkers(params string[] activities) : IWorkerInterceptor
{
    private readonly string[] _activities = activities;
    private readonly Channel<string> _deaths = Channel.CreateUnbounded<string>();

    /// <summary>The activities that a worker died with, in order.</summary>
    public ConcurrentQueue<string> Deaths { get; } = new();

    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new Dying(this, nextInterceptor);

    /// <summary>Replaces the worker at each death until the rotation has ended.</summary>
    public async Task BuryAsync(RotationHarness harness, Task end)
    {
        while (await Task.WhenAny(end, _deaths.Reader.WaitToReadAsync().AsTask()) != end)
        {
            // What the same worker died with beside it.
            while (_deaths.Reader.TryRead(out string? activity))
                Deaths.Enqueue(activity);
            await harness.ReplaceWorkerAsync();
        }
    }

    private sealed class Dying(DyingWorkers workers, ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            object? result = await base.ExecuteActivityAsync(input);
            ActivityExecutionContext context = ActivityExecutionContext.Current;
            if (context.Info.Attempt > 1 || !workers._activities.Contains(context.Info.ActivityType))
                return result;
            workers._deaths.Writer.TryWrite(context.Info.ActivityType);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return result;
        }
    }
}
