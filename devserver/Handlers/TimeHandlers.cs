using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Transport;
using Temporalio.Api.TestService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Time skipping for tests, as the service <c>temporal.api.testservice.v1.TestService</c>. Not there unless asked for.</summary>
internal sealed class TimeHandlers(ServerEngine engine)
{
    public void AddTo(ServiceTable table) => table
        .Add<LockTimeSkippingRequest, LockTimeSkippingResponse>("LockTimeSkipping", (_, _) => Task.FromResult(Lock<LockTimeSkippingResponse>()))
        .Add<UnlockTimeSkippingRequest, UnlockTimeSkippingResponse>("UnlockTimeSkipping", (_, _) => Task.FromResult(Unlock<UnlockTimeSkippingResponse>()))
        .Add<SleepRequest, SleepResponse>("Sleep", (r, c) => SleepAsync(Now() + Length(r.Duration), c))
        .Add<SleepUntilRequest, SleepResponse>("SleepUntil", (r, c) => SleepAsync(r.Timestamp?.ToDateTime() ?? throw Failures.InvalidArgument("Timestamp is not set on request."), c))
        .Add<SleepRequest, SleepResponse>("UnlockTimeSkippingWithSleep", UnlockAndSleepAsync)
        .Add<Empty, GetCurrentTimeResponse>("GetCurrentTime", (_, _) => Task.FromResult(new GetCurrentTimeResponse { Time = Timestamp.FromDateTime(Now()) }));

    private static TimeSpan Length(Duration? given) => given?.ToTimeSpan() ?? throw Failures.InvalidArgument("Duration is not set on request.");

    private DateTime Now() => engine.Look(() => engine.Clock.Now);

    private T Lock<T>()
        where T : new()
    {
        engine.Look(() =>
        {
            engine.Clock.Lock();
            return true;
        });
        return new T();
    }

    private T Unlock<T>()
        where T : new()
    {
        if (!engine.Look(engine.Clock.Unlock))
            throw Failures.InvalidArgument("Time skipping lock count is already 0.");
        engine.Loops.Wake();
        return new T();
    }

    // The sleeper first: an unlocked clock goes on to the next thing that is due.
    private async Task<SleepResponse> UnlockAndSleepAsync(SleepRequest r, CallContext context)
    {
        if (engine.Look(() => engine.Clock.Locks) == 0)
            Unlock<SleepResponse>();
        Task reached = engine.ReachAsync(Now() + Length(r.Duration), thenLock: true);
        Unlock<SleepResponse>();
        await reached.WaitAsync(context.Cancellation).ConfigureAwait(false);
        return new();
    }

    private async Task<SleepResponse> SleepAsync(DateTime until, CallContext context)
    {
        await engine.ReachAsync(until).WaitAsync(context.Cancellation).ConfigureAwait(false);
        return new();
    }
}
