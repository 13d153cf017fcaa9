using System.Globalization;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Keysets;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Trust;

/// <summary>Maps the CA names that handshakes show to keypair ids: kops writes the id into each subject, and the kubeconfig's bundle has the certificates.</summary>
internal sealed class KeypairNames(KeysetState keyset, IReadOnlyList<X509Certificate2> bundle)
{
    /// <summary>Id of the keypair that issued a certificate; empty when unknown. By signature where the bundle has the CA, else by name.</summary>
    public string IssuerOf(X509Certificate2 served)
    {
        X509Certificate2? signer = bundle.FirstOrDefault(ca => Signed(ca, served));
        return signer is not null ? IdOf(signer.SerialNumber) : IdsOf(served.IssuerName.Name).FirstOrDefault("");
    }

    /// <summary>Ids of the keypairs with these subjects, oldest first.</summary>
    public IReadOnlyList<string> IdsOf(IEnumerable<string> subjects) => [.. subjects.SelectMany(IdsOf).Distinct().OrderBy(id => BigInteger.Parse(id, CultureInfo.InvariantCulture))];

    private IEnumerable<string> IdsOf(string subject)
    {
        string wanted = Subjects.Normal(subject);
        return keyset.Keypairs.Where(k => Subjects.Normal(k.Subject) == wanted).Select(k => k.Id);
    }

    private static bool Signed(X509Certificate2 ca, X509Certificate2 served)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(served);
    }

    private static string IdOf(string hexadecimalSerial) => BigInteger.Parse("0" + hexadecimalSerial, NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
