using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>A file, 0600, written by write-then-rename.</summary>
internal sealed class FileSink(string name, SinkOptions options) : IKubeconfigSink
{
    public Task<byte[]?> ReadAsync(string cluster, CancellationToken ct) => GuardAsync(() => PrivateFiles.ReadAsync(PathOf(cluster), ct));

    public Task WriteAsync(string cluster, byte[] content, CancellationToken ct) => GuardAsync(async () =>
    {
        await PrivateFiles.ReplaceAsync(PathOf(cluster), content, ct).ConfigureAwait(false);
        return true;
    });

    public Task DeleteAsync(string cluster, CancellationToken ct) => GuardAsync(() =>
    {
        if (File.Exists(PathOf(cluster)))
            File.Delete(PathOf(cluster));
        return Task.FromResult(true);
    });

    private string PathOf(string cluster) => options.Path!.Replace("{cluster}", cluster, StringComparison.Ordinal);

    private async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': {e.Message}");
        }
    }
}
