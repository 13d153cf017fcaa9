using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Keysets;

/// <summary>Says which trusted certificates of a cluster have expired or soon will.</summary>
internal static class Expiry
{
    /// <summary>How long before its end a certificate is worth a warning. 90 days: a rotation takes days and may be planned months ahead.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(90);

    /// <summary>One sentence a certificate, primaries first. Keys without a certificate never expire.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<KeysetState> keysets, DateTimeOffset now) =>
        from keyset in keysets
        from keypair in keyset.Keypairs.OrderByDescending(k => k.Id == keyset.PrimaryId)
        where !keypair.Distrusted && keypair.NotAfter != default && Matters(keyset) && keypair.NotAfter - now < Notice
        let primary = keypair.Id == keyset.PrimaryId ? "primary keypair" : "trusted keypair"
        select keypair.NotAfter <= now
            ? $"The {primary} {keypair.Id} of '{keyset.Name}' expired on {keypair.NotAfter:yyyy-MM-dd}."
            : $"The {primary} {keypair.Id} of '{keyset.Name}' expires on {keypair.NotAfter:yyyy-MM-dd}, in {(int)(keypair.NotAfter - now).TotalDays} days.";

    /// <summary>True when the certificates of a keyset are used as such: of <c>service-account</c> only the keys are, whatever its certificates say.</summary>
    public static bool Matters(KeysetState keyset) => keyset.Name != KeysetReader.ServiceAccount;
}
