using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rotation.Lab.Kops.Output;

/// <summary>A distinguished name as Go prints it: known parts in Go's own order, the others after them in their encoding.</summary>
internal static class GoName
{
    // Of the first two Go keeps the last value only.
    private static readonly (string Type, string Shown)[] Known =
        [("2.5.4.5", "SERIALNUMBER"), ("2.5.4.3", "CN"), ("2.5.4.17", "POSTALCODE"), ("2.5.4.9", "STREET"), ("2.5.4.8", "ST"), ("2.5.4.7", "L"), ("2.5.4.11", "OU"), ("2.5.4.10", "O"), ("2.5.4.6", "C")];

    /// <summary>For example <c>SERIALNUMBER=17,CN=kubernetes-ca</c>.</summary>
    public static string Text(X500DistinguishedName name)
    {
        List<(string Type, string Value)> parts = Parts(name);
        IEnumerable<string> known = Known.Select(k => string.Join('+', Kept(k.Type, parts).Select(p => $"{k.Shown}={Escaped(p.Value)}"))).Where(t => t.Length > 0);
        IEnumerable<string> others = parts.Where(p => Known.All(k => k.Type != p.Type)).Reverse().Select(p => $"{p.Type}=#{Encoded(p.Value)}");
        return string.Join(',', known.Concat(others));
    }

    private static List<(string Type, string Value)> Parts(X500DistinguishedName name)
    {
        List<(string, string)> parts = [];
        for (AsnReader all = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence(); all.HasData;)
        {
            for (AsnReader together = all.ReadSetOf(skipSortOrderValidation: true); together.HasData;)
            {
                AsnReader part = together.ReadSequence();
                string type = part.ReadObjectIdentifier();
                parts.Add((type, part.ReadCharacterString((UniversalTagNumber)part.PeekTag().TagValue)));
            }
        }

        return parts;
    }

    private static IEnumerable<(string Type, string Value)> Kept(string type, List<(string Type, string Value)> parts)
    {
        IEnumerable<(string Type, string Value)> found = parts.Where(p => p.Type == type);
        return type is "2.5.4.5" or "2.5.4.3" ? found.TakeLast(1).Where(p => p.Value.Length > 0) : found;
    }

    private static string Encoded(string value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(value.All(c => char.IsAsciiLetterOrDigit(c) || " '()+,-./:=?".Contains(c)) ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, value);
        return Convert.ToHexStringLower(writer.Encode());
    }

    private static string Escaped(string value)
    {
        var text = new StringBuilder();
        for (var n = 0; n < value.Length; n++)
            text.Append(",+\"\\<>;".Contains(value[n]) || (n == 0 && value[n] is ' ' or '#') || (n == value.Length - 1 && value[n] == ' ') ? $"\\{value[n]}" : $"{value[n]}");
        return text.ToString();
    }
}
