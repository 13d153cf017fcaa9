using Rotation.Tests.Support;
using Rotation.Workflows.Serialization;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Lab.Rolls;

/// <summary>The Temporal server of these tests, with our data converter.</summary>
public class RollServer : TemporalFixture, IAsyncLifetime
{
    /// <summary>A client as the product has one.</summary>
    public ITemporalClient Typed { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Typed = await ConnectAsync(o => o.DataConverter = RotationDataConverter.Plain);
    }
}
