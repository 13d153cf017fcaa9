using Rotation.Activities.Running;
using Rotation.Workflows;

namespace Rotation.Activities.Stores;

/// <summary>A state store in a folder: <c>file:///folder</c>.</summary>
internal sealed class FileStateStore(string root) : IStateStore, IStateStoreRepair
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

    public Task<IReadOnlyList<string>> ListFilesAsync(string folder, CancellationToken ct)
    {
        string place = Path.Combine(root, folder);
        IReadOnlyList<string> files = Directory.Exists(place)
            ? [.. Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)]
            : [];
        return Task.FromResult(files);
    }

    public Task PutBackAsync(string path, byte[] content, CancellationToken ct) => PrivateFiles.ReplaceAsync(Path.Combine(root, path), content, ct);

    public Task RemoveAsync(string path, CancellationToken ct)
    {
        File.Delete(Path.Combine(root, path));
        return Task.CompletedTask;
    }

    public Task<bool?> KeepsVersionsAsync(CancellationToken ct) => Task.FromResult<bool?>(null);
}
