using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>Nobody would get the new CA bundle.</summary>
internal sealed class NoSinks() : PreflightCheck("no-sinks", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        When(facts.Sinks is { Count: 0 } && facts.Rotates("kubernetes-ca"), "No sink is configured, so that kubeconfigs are exported and delivered nowhere: clients must get them by hand at the gates. Name sinks in the request or set Rotation:DefaultSinks.");
}

/// <summary>A sink that does not answer now will not take the delivery either.</summary>
internal sealed class SinkUnreachable() : PreflightCheck("sink-unreachable", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from sink in facts.Sinks ?? []
        where sink.Unreachable is not null
        select Found($"Sink '{sink.Name}' cannot be read: {sink.Unreachable} Repair it, or leave it out of the request.");
}

/// <summary>A sink that holds something else than a kubeconfig would be overwritten.</summary>
internal sealed class SinkHoldsSomethingElse() : PreflightCheck("sink-holds-something-else", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from sink in facts.Sinks ?? []
        where sink.Unreachable is null && !sink.IsKubeconfig
        select Found($"Sink '{sink.Name}' holds something that is not a kubeconfig; delivering would destroy it. Correct its path or key.");
}

/// <summary>A sink whose clients trust a CA that the cluster does not have.</summary>
internal sealed class SinkHoldsUnknownCa() : PreflightCheck("sink-holds-unknown-ca", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        if (facts.Keystore?.Keysets.FirstOrDefault(k => k.Name == "kubernetes-ca") is not { } keyset)
            return [];
        HashSet<string> trusted = [.. keyset.Keypairs.Where(k => !k.Distrusted).Select(k => k.Fingerprint)];
        return from sink in facts.Sinks ?? []
               where sink.CaFingerprints.Any(f => !trusted.Contains(f))
               select Found($"Sink '{sink.Name}' holds a CA certificate that this cluster does not trust. It may be of another cluster of the same name, or left from an earlier rotation; look before it is replaced.");
    }
}
