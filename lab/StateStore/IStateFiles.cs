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

    /// <summary>A file as kops names it in messages.</summary>
    string Shown(string path);

    /// <summary>Why a folder cannot be listed, in the words that kops would pass on; null when it can. A bucket has no folders that could be missing.</summary>
    string? WhyNotListed(string folder);

    /// <summary>Why a file cannot be deleted, in the words that kops would pass on; null when it can.</summary>
    string? WhyNotDeleted(string path);
}
