using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The recorded commands on a state store in a folder.</summary>
public sealed class RecordedInFolder : RecordedSession
{
    private readonly TempFolder _store = new();

    private string Root => Path.Combine(_store.Path, Cluster);

    internal override IReadOnlyDictionary<string, string> Incomparable { get; } = new Dictionary<string, string>
    {
        ["063"] = "it asks for a bucket; compared on the state store in S3",
        ["083"] = "in a folder kops fails to delete what is not there, in a bucket it does not; compared on the state store in S3",
        ["085"] = "the recording failed for want of a cloud and of the release channel",
    };

    private protected override string Address => $"file://{_store.Path}";

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return base.DisposeAsync();
    }

    private protected override Task WriteAsync(string path, string content)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.WriteAllTextAsync(file, content);
    }

    private protected override Task<IReadOnlyDictionary<string, string>> FilesAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Directory.Exists(Root) ? Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(Root, f), File.ReadAllText) : []);
}
