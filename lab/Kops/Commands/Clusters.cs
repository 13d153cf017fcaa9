using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary>The cluster objects of a state store.</summary>
internal static class Clusters
{
    /// <summary>The stored cluster as text. Fails as kops does when there is none.</summary>
    public static async Task<string> RequireAsync(IStateFiles files, string cluster)
    {
        try
        {
            return await files.ReadAsync($"{cluster}/config").ConfigureAwait(false) ?? throw new KopsError($"Cluster.kops.k8s.io \"{cluster}\" not found");
        }
        catch (KopsError e) when (e.Message.StartsWith("error reading", StringComparison.Ordinal))
        {
            throw new KopsError($"error reading cluster configuration \"{cluster}\": {e.Message}");
        }
    }

    /// <summary>Names of all clusters, sorted.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(IStateFiles files) =>
        [.. (await files.ListAsync("").ConfigureAwait(false)).Where(p => p.EndsWith("/config", StringComparison.Ordinal) && p.Count(c => c == '/') == 1).Select(p => p.Split('/')[0])];
}
