using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Rotation.Activities.Clusters;
using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>Region of a cluster: the configured one, else that of the first zone in its specification, which never changes.</summary>
internal sealed partial class AwsRegions(RotationOptions options, ClusterSpecs specs)
{
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The region, such as <c>us-east-1</c>.</summary>
    public async Task<string> ForAsync(ClusterRef cluster, CancellationToken ct)
    {
        if (options.Aws.Region is { Length: > 0 } configured)
            return configured;
        if (_known.TryGetValue(cluster.Name, out string? known))
            return known;

        string zone = await specs.FirstZoneAsync(cluster, ct).ConfigureAwait(false)
            ?? throw RotationErrors.Permanent(RotationErrors.CloudRefused, $"The specification of '{cluster.Name}' names no zone; set Rotation:Aws:Region.");
        return _known[cluster.Name] = OfZone(zone);
    }

    /// <summary>Region of a zone, local zones such as <c>us-west-2-lax-1a</c> too.</summary>
    internal static string OfZone(string zone) => RegionOfZone().Match(zone) is { Success: true } match
        ? match.Value
        : throw RotationErrors.Permanent(RotationErrors.CloudRefused, $"'{zone}' is not a zone of AWS; set Rotation:Aws:Region.");

    [GeneratedRegex(@"\A[a-z]{2,}(?:-[a-z]+)+?-\d+")]
    private static partial Regex RegionOfZone();
}
