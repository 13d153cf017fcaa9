using System.Globalization;
using System.Numerics;
using Rotation.Activities.Keysets;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>A keyset was asked for that is not there.</summary>
internal sealed class KeysetMissing() : PreflightCheck("keyset-missing", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        if (facts.Keystore is not { } keystore)
            return [];
        string[] missing = [.. facts.Input.Keysets.Where(k => k != "all" && keystore.Keysets.All(s => s.Name != k))];
        return When(missing.Length > 0, $"The cluster has no keyset {Few(missing)} that kops can rotate; it has {Few([.. keystore.Keysets.Select(k => k.Name)])}.");
    }
}

/// <summary>Somebody staged a keypair and went no further, or is about to.</summary>
internal sealed class KeysetHasStagedKeypair() : PreflightCheck("keyset-has-staged-keypair", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from keyset in facts.Chosen()
        let staged = keyset.Keypairs.Where(k => !k.Distrusted && k.HasPrivateKey && Number(k.Id) > Number(keyset.PrimaryId)).Select(k => k.Id).ToArray()
        where staged.Length > 0
        select Found($"Keyset '{keyset.Name}' has a staged keypair already: {Few(staged)}. Adopt that rotation, or distrust the keypair and start afresh.");

    private static BigInteger Number(string id) => BigInteger.Parse(id, CultureInfo.InvariantCulture);
}

/// <summary>More than two generations are trusted: the last rotation was never finished.</summary>
internal sealed class KeysetTrustsMany() : PreflightCheck("keyset-trusts-many", FindingSeverity.Warning)
{
    private const int Generations = 2;

    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from keyset in facts.Chosen()
        let trusted = keyset.TrustedIds().ToArray()
        where trusted.Length > Generations
        select Found($"Keyset '{keyset.Name}' trusts {trusted.Length} keypairs: {Few(trusted)}. This rotation will distrust all but its own; check that nothing else needs them.");
}

/// <summary>Items in a keyset that carry nothing.</summary>
internal sealed class KeysetHasStrays() : PreflightCheck("keyset-has-strays", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from keyset in facts.Chosen()
        where keyset.StrayItems > 0
        select Found($"Keyset '{keyset.Name}' has {keyset.StrayItems} items without a certificate or key. They are harmless, but somebody edited the state store by hand: find out who.");
}

/// <summary>Entries from kops before 1.22, which kops can no longer rotate.</summary>
internal sealed class KeystoreHasLegacyEntries() : PreflightCheck("keystore-has-legacy-entries", FindingSeverity.Warning)
{
    private static readonly string[] Legacy = ["ca", "kubelet", "kubecfg", "kube-proxy", "kube-scheduler", "kube-controller-manager", "master", "apiserver-proxy-client", "apiserver-aggregator", "kops", "etcd", "etcd-client"];

    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] found = [.. (facts.Keystore?.OtherEntries ?? []).Intersect(Legacy)];
        return When(found.Length > 0, $"The state store still has entries from kops before 1.22: {Few(found)}. They are not rotated; remove them once nothing runs on them.");
    }
}

/// <summary>Two trusted CAs of one subject: verifiers pick one by name and fail on the other (kops #11964).</summary>
internal sealed class CaSubjectNotUnique() : PreflightCheck("ca-subject-not-unique", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from keyset in facts.Chosen().Where(Expiry.Matters)
        from same in keyset.Keypairs.Where(k => !k.Distrusted && k.Subject.Length > 0).GroupBy(k => k.Subject)
        where same.Count() > 1
        select Found($"Keyset '{keyset.Name}' trusts {same.Count()} CAs with the same subject '{same.Key}' ({Few([.. same.Select(k => k.Id)])}); clients mix them up. Distrust all but one, or stage with a new subject.");
}

/// <summary>A primary or trusted certificate that is over breaks connections already or will in the middle of the rotation.</summary>
internal sealed class KeypairExpired() : PreflightCheck("keypair-expired", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from keyset in facts.Chosen().Where(Expiry.Matters)
        let primary = keyset.Keypairs.First(k => k.Id == keyset.PrimaryId)
        where primary.NotAfter != default && primary.NotAfter <= facts.Now + facts.Input.Forecast.Value
        select Found($"The primary of '{keyset.Name}' ends on {primary.NotAfter:yyyy-MM-dd HH:mm}Z, before this rotation is forecast to end. Shorten the gates and the roll, or use the emergency mode.");
}

/// <summary>Certificates that end soon, so that people know why to hurry.</summary>
internal sealed class KeypairExpiresSoon() : PreflightCheck("keypair-expires-soon", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => Expiry.Warnings(facts.Chosen(), facts.Now).Select(w => Found($"{w} Rotate before that day."));
}

/// <summary>A supplied keypair that cannot become a CA of this cluster.</summary>
internal sealed class SuppliedCaUnfit() : PreflightCheck("supplied-ca-unfit", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => (facts.Keystore?.SuppliedProblems ?? []).Select(Found);
}

/// <summary>A policy that nobody has shown every part of the cluster to accept: kops itself makes RSA keys only.</summary>
internal sealed class PolicyNotProven() : PreflightCheck("policy-not-proven", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        Workflows.Activities.KeypairPolicy? policy = facts.Input.Policy;
        bool ecdsa = policy?.Algorithm is Workflows.Activities.KeyAlgorithm.EcdsaP256 or Workflows.Activities.KeyAlgorithm.EcdsaP384;
        string[] unproven = [.. facts.Chosen().Select(k => k.Name).Where(n => n.StartsWith("etcd-", StringComparison.Ordinal) || n == KeysetReader.ServiceAccount)];
        return When(ecdsa && unproven.Length > 0, $"The policy asks for {policy?.Algorithm}; kops makes RSA keys only, and for {Few(unproven)} others are not proven. Try it on a test cluster first, or rotate those with RSA.");
    }
}
