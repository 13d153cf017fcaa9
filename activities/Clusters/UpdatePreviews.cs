using System.Text.RegularExpressions;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>Asks <c>kops update cluster</c> without <c>--yes</c> what it would change.</summary>
internal sealed partial class UpdatePreviews(IKops kops, RotationOptions options)
{
    private const int MostNames = 50;

    /// <summary>What it would change. Fails with <c>KopsFailed</c> when its answer says neither that there is something nor that there is nothing.</summary>
    public async Task<UpdatePreview> ReadAsync(ClusterRef cluster, CancellationToken ct)
    {
        KopsAnswer answer = await kops.RunAsync(cluster, new() { Arguments = ["update", "cluster", "--create-kube-config=false"], Deadline = options.Deadlines.KopsUpdate }, ct).ConfigureAwait(false);
        return Parse(answer.Output);
    }

    /// <summary>Reads kops' report: things are indented by two spaces under "Will create|modify|delete", their fields deeper.</summary>
    internal static UpdatePreview Parse(string output)
    {
        bool inReport = false;
        List<string> names = [];
        foreach (string line in output.Split('\n'))
        {
            if (line.StartsWith("Will ", StringComparison.Ordinal))
                inReport = true;
            else if (line.Length > 0 && line[0] is not (' ' or '\t'))
                inReport = false;
            else if (inReport && Thing().Match(line) is { Success: true } thing)
                names.Add(string.Join(' ', thing.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        if (names.Count == 0 && !output.Contains("No changes need to be applied", StringComparison.Ordinal))
            throw RotationErrors.Passing(RotationErrors.KopsFailed, "'kops update cluster' said neither what it would change nor that there is nothing to change.");
        return new(names.Count, [.. names.Order(StringComparer.Ordinal).Take(MostNames)]);
    }

    [GeneratedRegex(@"\A {2}(\S.*?)\s*\z")]
    private static partial Regex Thing();
}
