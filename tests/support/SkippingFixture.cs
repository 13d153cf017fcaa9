using Rotation.DevServer;
using Temporalio.Api.TestService.V1;

namespace Rotation.Tests.Support;

/// <summary>
/// A server whose time jumps to the next timer whenever nobody works, inside <see cref="SkipAsync"/> only: a rotation with gates of days runs in seconds. Always the
/// embedded server; real services do not skip time.
/// </summary>
public sealed class SkippingFixture : TemporalFixture
{
    protected override DevServerOptions Options => base.Options with { TimeSkipping = true };

    protected override bool AlwaysEmbedded => true;

    /// <summary>Time may jump until <paramref name="body"/> is done.</summary>
    public async Task<T> SkipAsync<T>(Func<Task<T>> body)
    {
        await Client.Connection.TestService.UnlockTimeSkippingAsync(new UnlockTimeSkippingRequest());
        try
        {
            return await body();
        }
        finally
        {
            await Client.Connection.TestService.LockTimeSkippingAsync(new LockTimeSkippingRequest());
        }
    }

    /// <summary>The server's time, UTC.</summary>
    public async Task<DateTime> NowAsync() => (await Client.Connection.TestService.GetCurrentTimeAsync(new())).Time.ToDateTime();
}
