using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary>The cluster objects of a state store.</summary>
internal static class Clusters
{
    // Where a cluster may say that its credentials are kept elsewhere: the emulator keeps them below the state store.
    private static readonly string[] Elsewhere = ["keyStore", "secretStore", "configStore"];

    /// <summary>The stored cluster. Fails in the words of kops' client when there is none.</summary>
    public static async Task<JsonObject> RequireAsync(IStateFiles files, string cluster) =>
        await FindAsync(files, cluster).ConfigureAwait(false) ?? throw new KopsError($"Cluster.kops.k8s.io {GoText.Quoted(cluster)} not found");

    /// <summary>The stored cluster, or null when there is none.</summary>
    public static async Task<JsonObject?> FindAsync(IStateFiles files, string cluster)
    {
        if (cluster.Length == 0)
            throw new KopsError("clusterName is required");
        string? text;
        try
        {
            text = await files.ReadAsync($"{cluster}/config").ConfigureAwait(false);
        }
        catch (KopsError e) when (e.Message.StartsWith("error reading", StringComparison.Ordinal))
        {
            throw new KopsError($"error reading cluster configuration {GoText.Quoted(cluster)}: {e.Message}");
        }

        if (text is null)
            return null;
        JsonObject found = StoredObject.Read(text, files.Shown($"{cluster}/config"));
        if (found["spec"] is JsonObject spec && Elsewhere.FirstOrDefault(spec.ContainsKey) is { } field)
            throw new KopsError($"the lab's kops does not have spec.{field}: it keeps credentials below the state store");
        return found;
    }

    /// <summary>The stored cluster. Fails in the words of most commands when there is none.</summary>
    public static async Task<JsonObject> GetAsync(IStateFiles files, string cluster)
    {
        try
        {
            return await RequireAsync(files, cluster).ConfigureAwait(false);
        }
        catch (KopsError e)
        {
            throw new KopsError($"error reading cluster configuration: {e.Message}");
        }
    }

    /// <summary>Names of all clusters in the order in which kops finds them: in a folder by name, in a bucket by key.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(IStateFiles files)
    {
        if (files.WhyNotListed("") is { } missing)
            throw new KopsError($"error reading state store: {missing}");
        IEnumerable<string> names = (await files.ListAsync("").ConfigureAwait(false)).Where(p => p.EndsWith("/config", StringComparison.Ordinal)).Select(p => p[..^"/config".Length]);
        return [.. files is FolderFiles ? names.Order(StringComparer.Ordinal) : names];
    }
}
