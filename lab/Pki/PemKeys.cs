using System.Security.Cryptography;

namespace Rotation.Lab.Pki;

/// <summary>Private keys, RSA or elliptic, as PEM text.</summary>
internal static class PemKeys
{
    private static readonly string[] Labels = ["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"];

    /// <summary>Labels of the blocks before the first private key, which kops tells of; and whether there is one.</summary>
    public static (IReadOnlyList<string> Passed, bool Found) Look(string pem)
    {
        List<string> passed = [];
        for (ReadOnlySpan<char> rest = pem; PemEncoding.TryFind(rest, out PemFields fields); rest = rest[fields.Location.End..])
        {
            string label = rest[fields.Label].ToString();
            if (Labels.Contains(label))
                return (passed, true);
            passed.Add(label);
        }

        return (passed, false);
    }

    /// <summary>Parses the first private key of a text. Throws <see cref="CryptographicException"/> when there is none.</summary>
    public static AsymmetricAlgorithm Read(string pem)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return ReadEc(pem);
        }
    }

    /// <summary>A key as kops stores it.</summary>
    public static string Text(AsymmetricAlgorithm key) => (key is RSA rsa ? rsa.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem()) + "\n";

    private static ECDsa ReadEc(string pem)
    {
        try
        {
            var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return ec;
        }
        catch (ArgumentException)
        {
            throw new CryptographicException("There is no private key in the text.");
        }
    }
}
