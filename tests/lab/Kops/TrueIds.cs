using System.Globalization;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotation.Tests.Lab.Kops;

/// <summary>Puts the serial numbers of a keyset's certificates where its ids stand: in a replayed keyset those are of the recording.</summary>
internal static partial class TrueIds
{
    /// <summary>The keyset as it was written.</summary>
    public static string PutBack(string yaml)
    {
        foreach (string item in yaml.Split("\n  - ")[1..])
        {
            using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(Material().Match(item).Groups[1].Value)));
            yaml = yaml.Replace(Id().Match(item).Groups[1].Value, new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        return yaml;
    }

    [GeneratedRegex("id: \"(\\d+)\"")]
    private static partial Regex Id();

    [GeneratedRegex(@"publicMaterial: (\S+)")]
    private static partial Regex Material();
}
