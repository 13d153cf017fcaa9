using System.Text.RegularExpressions;

namespace Rotation.Activities.Kops;

/// <summary>Takes secrets out of text that a program wrote, before it reaches an error or a log. When in doubt it takes too much.</summary>
internal static partial class Redaction
{
    private const int LongestMessage = 2000;
    private const string Gone = "[redacted]";

    /// <summary>The text without key material, kubeconfig data, tokens and long encoded words.</summary>
    public static string Clean(string text)
    {
        text = PemBlock().Replace(text, Gone);
        text = OpenPemBlock().Replace(text, Gone);
        text = SecretField().Replace(text, "$1" + Gone);
        text = BearerToken().Replace(text, "$1" + Gone);
        text = UrlPassword().Replace(text, "$1" + Gone + "@");
        return LongWord().Replace(text, Gone);
    }

    /// <summary>The cleaned text, short enough for an error message: its end, where a program says why it failed.</summary>
    public static string Summary(string text)
    {
        string clean = Clean(text).Trim();
        return clean.Length <= LongestMessage ? clean : "… " + clean[^LongestMessage..];
    }

    [GeneratedRegex(@"-----BEGIN [^-]+-----.*?-----END [^-]+-----", RegexOptions.Singleline)]
    private static partial Regex PemBlock();

    [GeneratedRegex(@"-----BEGIN [^-]+-----.*", RegexOptions.Singleline)]
    private static partial Regex OpenPemBlock();

    [GeneratedRegex(@"(?i)([\w.-]*(?:-data|privateMaterial|publicMaterial|secret[\w-]*key|session[\w-]*token|password|passwd|token|auth|secret)""?\s*[:=]\s*)(?:""[^""]*""|[^\s,;]+)")]
    private static partial Regex SecretField();

    [GeneratedRegex(@"(?i)(bearer\s+|basic\s+)[\w.~+/=-]{8,}")]
    private static partial Regex BearerToken();

    [GeneratedRegex(@"(\w+://[^\s:/@]+:)[^\s@/]+@")]
    private static partial Regex UrlPassword();

    // Base64 of anything secret is long; ids have at most 28 digits, fingerprints 64 and stay readable.
    [GeneratedRegex(@"\b(?![0-9a-f]{64}\b)[A-Za-z0-9+/_-]{40,}={0,2}")]
    private static partial Regex LongWord();
}
