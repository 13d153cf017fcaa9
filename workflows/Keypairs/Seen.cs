using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Keypairs;

/// <summary>What was seen last, and what it tells the people at a gate.</summary>
internal sealed class Seen
{
    private const int MostNames = 5;

    /// <summary>What servers serve and trust; null: not read.</summary>
    public TrustMatrix? Servers { get; set; }

    /// <summary>What sinks hold.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; set; } = [];

    /// <summary>Service-account tokens; null: not read.</summary>
    public TokenUsage? Tokens { get; set; }

    /// <summary>One line for each thing that was seen.</summary>
    public IReadOnlyList<string> Lines(IReadOnlyList<KeysetLedger> ledgers) =>
        [.. OfServers(ledgers.FirstOrDefault(l => l.Name == TrustCheck.ClusterCa)), .. Deliveries.Select(OfSink), .. OfTokens(ledgers.FirstOrDefault(l => l.Name == Planning.Holds.ServiceAccount))];

    private IEnumerable<string> OfServers(KeysetLedger? ca)
    {
        if (Servers is not { Servers: { Count: > 0 } servers } || ca is null)
            yield break;
        yield return $"{servers.Count(s => s.Accepts.Contains(ca.StagedId))} of {servers.Count} servers accept clients of the new CA {ca.StagedId}";
        string[] old = [.. servers.Where(s => s.ServedBy != ca.StagedId).Select(s => $"{s.Component} of {s.Node}")];
        yield return old.Length == 0 ? "every server serves a certificate of the new CA" : $"{old.Length} of {servers.Count} servers serve a certificate of the old CA: {Few(old, old.Length)}";
    }

    private static string OfSink(Delivery sink) =>
        $"sink '{sink.Sink}' was read back: {sink.CaFingerprints.Count} CA certificates{(sink.AdminNotAfter is { } end ? $", admin certificate until {end:yyyy-MM-dd HH:mm}Z" : "")}, SHA-256 {(sink.Sha256.Length > 12 ? sink.Sha256[..12] : sink.Sha256)}";

    private IEnumerable<string> OfTokens(KeysetLedger? keyset)
    {
        if (Tokens is not { } tokens || keyset is null)
            yield break;
        yield return tokens.PodsWithTokens == 0 ? "no pod mounts a service-account token" : $"{tokens.PodsWithTokens} pods mount service-account tokens that live up to {tokens.LongestLife}";
        foreach (TokensOfKey signed in tokens.InSecrets.Where(t => t.KeypairId != keyset.StagedId))
            yield return $"{signed.Count} tokens in Secrets are signed by {(signed.KeypairId.Length > 0 ? signed.KeypairId : "a key that is not known")} and will be refused after step 5; make them anew first: {Few(signed.Secrets, signed.Count)}";
        if (tokens.StaleRequests is > 0)
            yield return $"an API server counted {tokens.StaleRequests} requests with stale tokens since it started";
        foreach (string unread in tokens.Unread)
            yield return $"could not be read: {unread}";
    }

    private static string Few(IReadOnlyCollection<string> names, int count) => string.Join(", ", names.Take(MostNames)) + (count > MostNames ? $" and {count - MostNames} more" : "");
}
