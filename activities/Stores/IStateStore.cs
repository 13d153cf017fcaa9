namespace Rotation.Activities.Stores;

/// <summary>Reads a kops state store. It has no member that writes: kops alone changes a state store.</summary>
internal interface IStateStore
{
    /// <summary>Content of a file, or null when there is none. Fails with <c>StateStoreUnavailable</c> or <c>StateStoreInvalid</c>.</summary>
    /// <param name="path">Path below the store's root, with <c>/</c>.</param>
    /// <param name="ct">Ends the read.</param>
    Task<byte[]?> ReadAsync(string path, CancellationToken ct);

    /// <summary>Names of the folders directly below a folder, sorted; empty when it is not there.</summary>
    /// <param name="folder">Path below the store's root.</param>
    /// <param name="ct">Ends the read.</param>
    Task<IReadOnlyList<string>> ListFoldersAsync(string folder, CancellationToken ct);

    /// <summary>Paths of all files below a folder, sorted; empty when it is not there.</summary>
    /// <param name="folder">Path below the store's root.</param>
    /// <param name="ct">Ends the read.</param>
    Task<IReadOnlyList<string>> ListFilesAsync(string folder, CancellationToken ct);

    /// <summary>Whether the store keeps old versions of its files; null when it cannot or does not say.</summary>
    /// <param name="ct">Ends the read.</param>
    Task<bool?> KeepsVersionsAsync(CancellationToken ct);
}
