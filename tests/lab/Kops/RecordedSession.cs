using System.Globalization;
using System.Text.RegularExpressions;
using Rotation.Lab.Kops;
using Rotation.Tests.Support;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The recorded commands, one after the other, on the emulator: each depends on what those before it did.</summary>
public sealed partial class RecordedSession : IAsyncLifetime
{
    private const string Cluster = "rotate.example.com";
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

    /// <summary>Commands that cannot be compared, by number, and why.</summary>
    internal static IReadOnlyDictionary<string, string> Incomparable { get; } = new Dictionary<string, string>
    {
        ["063"] = "needs an S3 server without the bucket",
        ["085"] = "the recording failed for want of a cloud and of the release channel",
    };

    public async ValueTask InitializeAsync()
    {
        foreach (string name in Recorded.Names)
        {
            if (name.StartsWith("003", StringComparison.Ordinal))
                PutCluster();
            if (Incomparable.ContainsKey(name[..3]))
                continue;
            Recorded recorded = Recorded.Read(name);
            _runs[name] = (recorded, await ReplayAsync(recorded));
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal (Recorded Recorded, Replayed Replayed) this[string name] => _runs[name];

    /// <summary>Stages recorded after a command, as text, with what the emulator had then.</summary>
    internal IEnumerable<(string File, string Recorded, string Replayed)> StageAfter(string name) => !Stages.TryGetValue(name[..3], out string? stage) ? [] :
        Directory.EnumerateFiles(Recordings.Combine(Recorded.Version, "keysets", stage)).Select(f => (f, RecordedText.Content(File.ReadAllText(f)), RecordedText.Content(_runs[name].Replayed.Keysets[Path.GetFileNameWithoutExtension(f)])));

    private void PutCluster()
    {
        string source = Recordings.Combine("cluster");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = _folder.Combine("state", Cluster, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private async Task<Replayed> ReplayAsync(Recorded recorded)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string> { ["KOPS_STATE_STORE"] = $"file://{_folder.Combine("state")}", ["KUBECONFIG"] = _folder.Combine("none") };
        int exitCode = await KopsEmulator.RunAsync([.. recorded.Arguments.Select(Argument)], output, errors, environment, TestContext.Current.CancellationToken);
        Learn(recorded.Output, output.ToString());
        string kubeconfig = recorded.Arguments.FirstOrDefault(a => a.StartsWith("kc", StringComparison.Ordinal) && File.Exists(Argument(a))) ?? "";
        return new(exitCode, Translate(output.ToString()), Translate(errors.ToString()), Files(), Keysets(), kubeconfig, kubeconfig.Length == 0 ? "" : Translate(await File.ReadAllTextAsync(Argument(kubeconfig))));
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

    private string Translate(string text) => _recordedId.Aggregate(text, (t, p) => t.Replace(p.Key, p.Value, StringComparison.Ordinal)).Replace($"file://{_folder.Combine("state")}", "s3://state", StringComparison.Ordinal);

    private string[] Files()
    {
        string root = _folder.Combine("state", Cluster);
        return Directory.Exists(root) ? [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)] : [];
    }

    private Dictionary<string, string> Keysets() => Files().Where(f => f.EndsWith("keyset.yaml", StringComparison.Ordinal))
        .ToDictionary(f => f.Split('/')[^2], f => Translate(File.ReadAllText(_folder.Combine("state", Cluster, f))));

    [GeneratedRegex(@"(?m)^Created (\S+) (\d+)$")]
    private static partial Regex Created();
}

/// <summary>What the emulator did on one recorded command, its ids replaced by the recorded ones.</summary>
internal sealed record Replayed(int ExitCode, string Output, string Errors, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Keysets, string KubeconfigName, string Kubeconfig);
