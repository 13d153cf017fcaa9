using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The recorded commands, one after the other, on the emulator: each depends on what those before it did.</summary>
public abstract partial class RecordedSession : IAsyncLifetime
{
    internal const string Cluster = "rotate.example.com";
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _recordedId = [];
    private readonly Dictionary<string, (Recorded Recorded, Replayed Replayed)> _runs = [];

    // The recorded stages of the keysets, by the last command before each.
    private static readonly Dictionary<string, string> Stages = new()
    {
        ["010"] = "0-initial",
        ["023"] = "1-staged",
        ["028"] = "3-promoted",
        ["036"] = "5-distrusted",
        ["042"] = "5r-trusted",
        ["043"] = "3r-promoted-previous",
        ["044"] = "1r-distrusted-new",
        ["054"] = "9-repromoted",
        ["066"] = "10-third-generation",
    };

    /// <summary>Commands that cannot be compared on this kind of state store, by number, and why.</summary>
    internal abstract IReadOnlyDictionary<string, string> Incomparable { get; }

    /// <summary>Address of the state store.</summary>
    private protected abstract string Address { get; }

    /// <summary>Variables of the emulator's environment that reach the state store.</summary>
    private protected virtual IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>();

    /// <summary>Names of the recorded commands in their order; none where there are no recordings.</summary>
    internal IEnumerable<string> Names => _runs.Keys.Concat(Recorded.Names.Where(n => Incomparable.ContainsKey(n[..3]))).Order(StringComparer.Ordinal);

    public virtual async ValueTask InitializeAsync()
    {
        foreach (string name in Recorded.Names)
        {
            if (name.StartsWith("003", StringComparison.Ordinal))
                await PutClusterAsync();
            Recorded recorded = Recorded.Read(name);
            if (Incomparable.ContainsKey(name[..3]))
                continue;
            _runs[name] = (recorded, await ReplayAsync(recorded));
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal (Recorded Recorded, Replayed Replayed) this[string name] => _runs[name];

    /// <summary>Stages recorded after a command, as text, with what the emulator had then.</summary>
    internal IEnumerable<(string Keyset, string Recorded, string Replayed)> StageAfter(string name) => !Stages.TryGetValue(name[..3], out string? stage) ? [] :
        Directory.EnumerateFiles(Recordings.Combine(Recorded.Version, "keysets", stage)).Select(Path.GetFileNameWithoutExtension).Select(k => (k!, File.ReadAllText(Recordings.Combine(Recorded.Version, "keysets", stage, $"{k}.yaml")), _runs[name].Replayed.Keysets[k!]));

    /// <summary>Writes a file below the cluster's folder in the state store.</summary>
    private protected abstract Task WriteAsync(string path, string content);

    /// <summary>Every file below the cluster's folder, by its path there.</summary>
    private protected abstract Task<IReadOnlyDictionary<string, string>> FilesAsync();

    private async Task PutClusterAsync()
    {
        string source = Recordings.Combine("cluster");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            await WriteAsync(Path.GetRelativePath(source, file), await File.ReadAllTextAsync(file));
    }

    private async Task<Replayed> ReplayAsync(Recorded recorded)
    {
        var environment = new Dictionary<string, string>(Variables) { ["KOPS_STATE_STORE"] = Address, ["HOME"] = _folder.Combine("home") };
        Emulated done = await Emulated.RunAsync([.. recorded.Arguments.Select(Argument)], environment, TestContext.Current.CancellationToken);
        Learn(recorded.Output, done.Output);
        string kubeconfig = recorded.Arguments.FirstOrDefault(a => a.StartsWith("kc", StringComparison.Ordinal) && File.Exists(Argument(a))) ?? "";
        IReadOnlyDictionary<string, string> files = await FilesAsync();
        Dictionary<string, string> keysets = files.Where(f => f.Key.EndsWith("keyset.yaml", StringComparison.Ordinal)).ToDictionary(f => f.Key.Split('/')[^2], f => Translate(f.Value));
        return new(done.ExitCode, Translate(done.Output), RecordedText.WithoutFolderWarning(Translate(done.Errors)), [.. files.Keys.Order(StringComparer.Ordinal)], keysets, kubeconfig, kubeconfig.Length == 0 ? "" : Translate(await File.ReadAllTextAsync(Argument(kubeconfig))));
    }

    private string Argument(string text)
    {
        if (text.StartsWith("kc", StringComparison.Ordinal) && text.EndsWith(".yaml", StringComparison.Ordinal))
            return _folder.Combine(text);
        return File.Exists(Recordings.Combine("files", text)) ? Recordings.Combine("files", text) : _recordedId.FirstOrDefault(p => p.Value == text).Key ?? text;
    }

    // Ids are drawn at random; the one made for a keyset at the same point of the session stands for the recorded one.
    private void Learn(string recorded, string replayed)
    {
        Dictionary<string, string> theirs = Created().Matches(recorded).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        foreach (Match ours in Created().Matches(replayed))
            if (theirs.TryGetValue(ours.Groups[1].Value, out string? id))
                _recordedId[ours.Groups[2].Value] = id;
    }

    private string Translate(string text) => _recordedId.Aggregate(text, (t, p) => t.Replace(p.Key, p.Value, StringComparison.Ordinal)).Replace(Address, "s3://state", StringComparison.Ordinal);

    [GeneratedRegex(@"(?m)^Created (\S+) (\d+)$")]
    private static partial Regex Created();
}

/// <summary>What the emulator did on one recorded command, its ids replaced by the recorded ones.</summary>
internal sealed record Replayed(int ExitCode, string Output, string Errors, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Keysets, string KubeconfigName, string Kubeconfig);
