using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>What <c>get keypairs</c> tells of a keypair.</summary>
internal sealed class KeypairFacts(StoredKeyset keyset, StoredKeypair keypair)
{
    private const string Day = "yyyy-MM-dd";
    private const string Time = "yyyy-MM-ddTHH:mm:ssZ";

    private bool IsPrimary => keypair.Id == keyset.PrimaryId;

    /// <summary>The cells of the table; its days are those of the local time zone.</summary>
    public string[] Row(bool withDistrusted)
    {
        using X509Certificate2? certificate = Certificate();
        string[] start = [keyset.Name, keypair.Id, certificate is null ? "" : Text(certificate.NotBefore, Day), certificate is null ? "" : Text(certificate.NotAfter, Day)];
        string[] end = [IsPrimary ? "*" : "", keypair.PrivateKey is null ? "" : "*"];
        return withDistrusted ? [.. start, keypair.DistrustedAt is { } at ? Text(at.ToLocalTime(), Day) : "", .. end] : [.. start, .. end];
    }

    /// <summary>The object of <c>-o json</c> and <c>-o yaml</c>; what is empty is left out.</summary>
    public JsonObject Object()
    {
        var facts = new JsonObject { ["name"] = keyset.Name, ["id"] = keypair.Id };
        if (keypair.DistrustedAt is { } at)
            facts["distrustTimestamp"] = Text(at, Time);
        if (IsPrimary)
            facts["isPrimary"] = true;
        using X509Certificate2? certificate = Certificate();
        if (certificate is not null)
            Describe(facts, certificate);
        if (keypair.PrivateKey is not null)
            facts["hasPrivateKey"] = true;
        return facts;
    }

    private static void Describe(JsonObject facts, X509Certificate2 certificate)
    {
        facts["subject"] = GoName.Text(certificate.SubjectName);
        facts["issuer"] = GoName.Text(certificate.IssuerName);
        string[] alternate = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Take(1).SelectMany(AlternateNames).Order(StringComparer.Ordinal)];
        if (alternate.Length > 0)
            facts["alternateNames"] = new JsonArray([.. alternate.Select(a => (JsonNode)a)]);
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority))
            facts["isCA"] = true;
        facts["notBefore"] = Text(certificate.NotBefore.ToUniversalTime(), Time);
        facts["notAfter"] = Text(certificate.NotAfter.ToUniversalTime(), Time);
        if (certificate.GetRSAPublicKey() is { } rsa)
            facts["keyLength"] = rsa.KeySize;
    }

    private static IEnumerable<string> AlternateNames(X509SubjectAlternativeNameExtension names)
    {
        var email = new Asn1Tag(TagClass.ContextSpecific, 1);
        List<string> found = [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(a => a.ToString())];
        for (AsnReader all = new AsnReader(names.RawData, AsnEncodingRules.BER).ReadSequence(); all.HasData;)
        {
            if (all.PeekTag().HasSameClassAndValue(email))
                found.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, email));
            else
                all.ReadEncodedValue();
        }

        return found;
    }

    private X509Certificate2? Certificate() => keypair.Certificate.Length == 0 ? null : KopsCertificates.Read(keypair.Certificate);

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
