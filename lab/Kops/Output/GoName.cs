using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rotation.Lab.Kops.Output;

/// <summary>A distinguished name as Go prints it: known parts in Go's own order, the others after them.</summary>
internal static class GoName
{
    private static readonly (string Type, string Shown)[] Known =
        [("2.5.4.5", "SERIALNUMBER"), ("2.5.4.3", "CN"), ("2.5.4.17", "POSTALCODE"), ("2.5.4.9", "STREET"), ("2.5.4.8", "ST"), ("2.5.4.7", "L"), ("2.5.4.11", "OU"), ("2.5.4.10", "O"), ("2.5.4.6", "C")];

    /// <summary>For example <c>SERIALNUMBER=17,CN=kubernetes-ca</c>.</summary>
    public static string Text(X500DistinguishedName name)
    {
        (string Type, string Value)[] parts = [.. name.EnumerateRelativeDistinguishedNames(reversed: false).Where(p => !p.HasMultipleElements).Select(p => (p.GetSingleElementType().Value!, p.GetSingleElementValue() ?? ""))];
        IEnumerable<string> known = Known.Select(k => string.Join('+', parts.Where(p => p.Type == k.Type).Select(p => $"{k.Shown}={Escaped(p.Value)}"))).Where(t => t.Length > 0);
        IEnumerable<string> others = parts.Where(p => Known.All(k => k.Type != p.Type)).Reverse().Select(p => $"{p.Type}={Escaped(p.Value)}");
        return string.Join(',', known.Concat(others));
    }

    private static string Escaped(string value)
    {
        var text = new StringBuilder();
        for (var n = 0; n < value.Length; n++)
            text.Append(",+\"\\<>;".Contains(value[n]) || (n == 0 && value[n] is ' ' or '#') || (n == value.Length - 1 && value[n] == ' ') ? $"\\{value[n]}" : $"{value[n]}");
        return text.ToString();
    }
}
