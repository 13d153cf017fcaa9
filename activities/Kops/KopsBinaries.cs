using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Rotation.Activities.Hosting;
using Rotation.Workflows;

namespace Rotation.Activities.Kops;

/// <summary>Chooses the binary for a cluster and asks it, once for each state of its file, which version it is.</summary>
internal sealed partial class KopsBinaries(RotationOptions options, KopsProcess process)
{
    private const int EndedBySignal = 128;
    private readonly ConcurrentDictionary<(string Path, DateTime Written), KopsVersion> _known = new();

    /// <summary>Path and version of the binary for a cluster. Fails with <c>KopsVersionUnknown</c>, not retried.</summary>
    public async Task<(string Path, KopsVersion Version)> ForAsync(string cluster, CancellationToken ct)
    {
        string path = FullPath(PathFor(cluster));
        (string, DateTime) key = (path, File.GetLastWriteTimeUtc(path));
        if (!_known.TryGetValue(key, out KopsVersion? version))
            _known[key] = version = await AskAsync(path, ct).ConfigureAwait(false);
        return (path, version);
    }

    private string PathFor(string cluster)
    {
        string? wanted = options.Clusters.TryGetValue(cluster, out ClusterOptions? special) ? special.KopsVersion : null;
        return wanted is null ? options.Kops.Path : options.Kops.Binaries[wanted];
    }

    private static string FullPath(string path)
    {
        IEnumerable<string> candidates = path.Contains('/', StringComparison.Ordinal)
            ? [path]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, path));
        return candidates.FirstOrDefault(File.Exists)
            ?? throw RotationErrors.Permanent(RotationErrors.KopsVersionUnknown, $"There is no kops at '{path}'; set Rotation:Kops:Path on the worker.");
    }

    private async Task<KopsVersion> AskAsync(string path, CancellationToken ct)
    {
        var command = new KopsCommand { Arguments = ["version"], Deadline = options.Deadlines.KopsRead };
        KopsAnswer answer = await process.RunAsync(path, command, new Dictionary<string, string>(), ct).ConfigureAwait(false);
        // A crash says nothing about the binary.
        if (answer.ExitCode > EndedBySignal)
            throw RotationErrors.Passing(RotationErrors.KopsFailed, $"'{path} version' was ended by signal {answer.ExitCode - EndedBySignal}.");
        Match match = VersionText().Match(answer.Output);
        if (answer.ExitCode != 0 || !match.Success)
            throw RotationErrors.Permanent(RotationErrors.KopsVersionUnknown, $"'{path} version' did not name a version (exit code {answer.ExitCode}): {Redaction.Summary(answer.Output + answer.Errors)}");
        return KopsVersion.Known(match.Groups[1].Value, path);
    }

    // "Client version: 1.26.6", before 1.23 "Version 1.22.6 (git-…)".
    [GeneratedRegex(@"[Vv]ersion:?\s+v?(\d+\.\d+\.\d+(?:-[\w.]+)?)")]
    private static partial Regex VersionText();
}
