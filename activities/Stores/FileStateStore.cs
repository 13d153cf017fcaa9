using Rotation.Workflows;

namespace Rotation.Activities.Stores;

/// <summary>A state store in a folder: <c>file:///folder</c>.</summary>
internal sealed class FileStateStore(string root) : IStateStore
{
    public async Task<byte[]?> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(root, path), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"Cannot read '{path}' in the state store: {e.Message}");
        }
    }

    public Task<IReadOnlyList<string>> ListFoldersAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(root))
            throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"The state store's folder '{root}' is not there.");

        var place = new DirectoryInfo(Path.Combine(root, folder));
        IReadOnlyList<string> names = place.Exists ? [.. place.EnumerateDirectories().Select(d => d.Name).Order(StringComparer.Ordinal)] : [];
        return Task.FromResult(names);
    }

    public Task<bool?> KeepsVersionsAsync(CancellationToken ct) => Task.FromResult<bool?>(null);
}
