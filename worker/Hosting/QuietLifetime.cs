using Microsoft.Extensions.Hosting;

namespace Rotation.Worker.Hosting;

/// <summary>Leaves signals to the command line, which stops the host when it is interrupted.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
