using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>A new cluster's state store, made once: its keys take a second.</summary>
public sealed class NewCluster : IAsyncLifetime
{
    internal EmulatedStore Store { get; } = new();

    public ValueTask InitializeAsync() => Store.CreateAsync();

    public ValueTask DisposeAsync()
    {
        Store.Dispose();
        return ValueTask.CompletedTask;
    }
}
