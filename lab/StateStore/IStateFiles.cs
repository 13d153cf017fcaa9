namespace Rotation.Lab.StateStore;

/// <summary>The files of a state store, by path with slashes, relative to its root.</summary>
internal interface IStateFiles
{
    /// <summary>The store as kops names it, such as <c>file:///srv/state</c>.</summary>
    string Address { get; }

    /// <summary>Content of a file, or null when it is not there.</summary>
    Task<string?> ReadAsync(string path);

    /// <summary>Writes a file whole: nobody ever reads half of it.</summary>
    Task WriteAsync(string path, string content);

    /// <summary>Deletes a file; nothing happens when it is not there.</summary>
    Task DeleteAsync(string path);

    /// <summary>Paths of all files below a folder, sorted.</summary>
    Task<IReadOnlyList<string>> ListAsync(string folder);
}
