using Rotation.DevServer;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Serialization;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow;

/// <summary>The Temporal server of these tests, with our search attributes and our data converter.</summary>
public class RotationServer : TemporalFixture, IAsyncLifetime
{
    /// <summary>A client as the product has one.</summary>
    public ITemporalClient Typed { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Typed = await ConnectAsync(o => o.DataConverter = RotationDataConverter.Plain);
        ListSearchAttributesResponse known = await Typed.Connection.OperatorService.ListSearchAttributesAsync(new() { Namespace = Namespace });
        var add = new AddSearchAttributesRequest { Namespace = Namespace };
        foreach (var key in RotationSearchAttributes.All.Where(k => !known.CustomAttributes.ContainsKey(k.Name)))
            add.SearchAttributes.Add(key.Name, IndexedValueType.Keyword);
        if (add.SearchAttributes.Count > 0)
            await Typed.Connection.OperatorService.AddSearchAttributesAsync(add);
    }
}

/// <summary>The same without the capability that ends the polls of a worker that stops, as production services have it.</summary>
public sealed class PlainServer : RotationServer
{
    protected override DevServerOptions Options => new() { Namespaces = [Namespace], CompletePollsOnWorkerShutdown = false };

    protected override bool AlwaysEmbedded => true;
}

/// <summary>The same with a clock that can be moved on, which only the embedded server has. One for each test: what another left without a worker would hold the clock up.</summary>
public sealed class SkippingServer : RotationServer
{
    private bool _skips;

    /// <summary>Starts one, or skips the test when the tests run against a server that is not ours.</summary>
    public static async Task<SkippingServer> StartAsync()
    {
        var server = new SkippingServer();
        await ((IAsyncLifetime)server).InitializeAsync();
        Assert.SkipUnless(server.IsEmbedded, "Only the embedded server's clock can be moved on.");
        return server;
    }

    protected override DevServerOptions Options => new() { Namespaces = [Namespace], TimeSkipping = true };

    /// <summary>Lets so much time pass, timers and timeouts included.</summary>
    public Task PassAsync(TimeSpan time) => Typed.Connection.TestService.UnlockTimeSkippingWithSleepAsync(
        new() { Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(time) }, new() { Timeout = TimeSpan.FromMinutes(3) });

    /// <summary>From now on every wait is over as soon as nothing else is to be done. No harm when it is so already.</summary>
    public async Task SkipAsync()
    {
        if (!_skips)
            await Typed.Connection.TestService.UnlockTimeSkippingAsync(new());
        _skips = true;
    }

    /// <summary>What time it is there.</summary>
    public async Task<DateTimeOffset> NowAsync() => (await Typed.Connection.TestService.GetCurrentTimeAsync(new())).Time.ToDateTimeOffset();
}
