using System.Globalization;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>What <c>get keypairs</c> tells of a keypair.</summary>
internal sealed class KeypairFacts(StoredKeyset keyset, StoredKeypair keypair)
{
    private const string Day = "yyyy-MM-dd";
    private const string Time = "yyyy-MM-ddTHH:mm:ssZ";
    private static readonly Dictionary<DerObjectIdentifier, string> Symbols = new(X509Name.RFC2253Symbols) { [X509Name.SerialNumber] = "SERIALNUMBER" };
    private readonly X509Certificate _certificate = KopsCertificates.ReadCertificate(keypair.Certificate);

    private bool IsPrimary => keypair.Id == keyset.PrimaryId;

    /// <summary>The cells of the table.</summary>
    public string[] Row(bool withDistrusted)
    {
        string[] start = [keyset.Name, keypair.Id, Text(_certificate.NotBefore, Day), Text(_certificate.NotAfter, Day)];
        string[] end = [IsPrimary ? "*" : "", keypair.PrivateKey is null ? "" : "*"];
        return withDistrusted ? [.. start, keypair.DistrustedAt is { } at ? Text(at, Day) : "", .. end] : [.. start, .. end];
    }

    /// <summary>The object of <c>-o json</c> and <c>-o yaml</c>; what is empty is left out.</summary>
    public JsonObject Object()
    {
        var facts = new JsonObject { ["name"] = keyset.Name, ["id"] = keypair.Id };
        if (keypair.DistrustedAt is { } at)
            facts["distrustTimestamp"] = Text(at, Time);
        if (IsPrimary)
            facts["isPrimary"] = true;
        facts["subject"] = _certificate.SubjectDN.ToString(true, Symbols);
        facts["issuer"] = _certificate.IssuerDN.ToString(true, Symbols);
        if (_certificate.GetBasicConstraints() >= 0)
            facts["isCA"] = true;
        facts["notBefore"] = Text(_certificate.NotBefore, Time);
        facts["notAfter"] = Text(_certificate.NotAfter, Time);
        if (_certificate.GetPublicKey() is RsaKeyParameters rsa)
            facts["keyLength"] = rsa.Modulus.BitLength;
        if (keypair.PrivateKey is not null)
            facts["hasPrivateKey"] = true;
        return facts;
    }

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
