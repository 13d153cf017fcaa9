using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Keypairs;

/// <summary>Compares what was read with what the rotation must have made. Pure; every difference in words.</summary>
internal static class TrustCheck
{
    /// <summary>The keyset whose certificates servers and clients show each other.</summary>
    public const string ClusterCa = "kubernetes-ca";

    /// <summary>Differences between the state store and the ledgers.</summary>
    public static IReadOnlyList<string> OfKeysets(IEnumerable<KeysetLedger> ledgers, KeysetList found) =>
        [.. ledgers.Select(l => l.DifferenceFrom(found.Keysets.FirstOrDefault(k => k.Name == l.Name))).OfType<string>()];

    /// <summary>Differences between what servers show and the ledger of the cluster's CA.</summary>
    public static IReadOnlyList<string> OfServers(KeysetLedger ca, TrustMatrix matrix)
    {
        if (matrix.Servers.Count == 0)
            return ["no server was found"];
        return [.. matrix.Servers.Select(s => DifferenceOf(ca, s)).OfType<string>()];
    }

    private static string? DifferenceOf(KeysetLedger ca, ServerTrust server)
    {
        string who = $"{server.Component} of {server.Node}";
        if (server.Unreadable is { } reason)
            return $"{who} cannot be read: {reason}";
        if (server.ServedBy != ca.PrimaryId)
            return $"{who} serves a certificate of {(server.ServedBy.Length > 0 ? server.ServedBy : "an unknown CA")} instead of {ca.PrimaryId}";
        return server.Accepts.Order(StringComparer.Ordinal).SequenceEqual(ca.TrustedIds.Order(StringComparer.Ordinal))
            ? null
            : $"{who} accepts clients of [{string.Join(", ", server.Accepts)}] instead of [{string.Join(", ", ca.TrustedIds)}]";
    }
}
