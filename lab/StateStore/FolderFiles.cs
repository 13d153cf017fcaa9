using Rotation.Lab.Kops;

namespace Rotation.Lab.StateStore;

/// <summary>
/// A state store in a folder, <c>file://DIR</c>. Private keys are in it, so its files are for their owner only. Nothing in it waits for anything: a rotation starts the emulator
/// some sixty times, and a quarter of each start was the compiling of state machines.
/// </summary>
internal sealed class FolderFiles(string root) : IStateFiles
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _root = Path.GetFullPath(root);

    public string Address => $"file://{_root}";

    public Task<string?> ReadAsync(string path)
    {
        try
        {
            return Task.FromResult<string?>(File.ReadAllText(PathOf(path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<string?>(null);
        }
    }

    public Task WriteAsync(string path, string content)
    {
        string file = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string fresh = $"{file}.{Guid.NewGuid():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private };
        using (var writer = new StreamWriter(fresh, options))
            writer.Write(content);
        File.Move(fresh, file, overwrite: true);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string path)
    {
        if (File.Exists(PathOf(path)))
            File.Delete(PathOf(path));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string folder)
    {
        string start = PathOf(folder);
        IReadOnlyList<string> found = Directory.Exists(start)
            ? [.. Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".new", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(_root, f)).Order(StringComparer.Ordinal)]
            : [];
        return Task.FromResult(found);
    }

    public string Shown(string path) => PathOf(path);

    public string? WhyNotListed(string folder) => Directory.Exists(PathOf(folder)) ? null : $"open {PathOf(folder)}: no such file or directory";

    public string? WhyNotDeleted(string path) => File.Exists(PathOf(path)) ? null : $"remove {PathOf(path)}: no such file or directory";

    // A keyset's name comes from the command line.
    private string PathOf(string path)
    {
        string full = Path.GetFullPath(Path.Combine(_root, path));
        return full.StartsWith(_root, StringComparison.Ordinal) ? full : throw new KopsError($"the path \"{path}\" leads out of the state store");
    }
}
