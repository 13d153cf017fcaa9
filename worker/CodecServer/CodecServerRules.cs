using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Hosting;

namespace Rotation.Worker.CodecServer;

/// <summary>Finds every error in <see cref="CodecServerOptions"/> at once: it does not start where strangers could read payloads.</summary>
internal static class CodecServerRules
{
    private const int ShortestToken = 32;
    private const int ShortestPassword = 16;

    public static IReadOnlyList<string> ProblemsOf(CodecServerOptions options) =>
        [.. Address(options).Concat(Credentials(options)).Concat(Origins(options)).Select(p => SettingProblem.Say(CodecServerOptions.Section, p.Key, p.Problem))];

    /// <summary>The certificate to serve with; null with http.</summary>
    public static X509Certificate2? CertificateOf(CodecServerOptions options) =>
        options.CertificateFile is { } certificate ? X509Certificate2.CreateFromPemFile(certificate, options.KeyFile) : null;

    private static IEnumerable<(string Key, string Problem)> Address(CodecServerOptions options)
    {
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || !(uri.IsLoopback || IPAddress.TryParse(uri.Host.Trim('[', ']'), out _)))
        {
            yield return ("Listen", $"is '{options.Listen}'; it must be http or https, localhost or an IP address, and a port, such as http://127.0.0.1:8081");
            yield break;
        }

        bool isHttps = uri.Scheme == "https";
        if (!uri.IsLoopback && !isHttps)
            yield return ("Listen", $"is '{options.Listen}', which others can reach; it must then be https");
        if (!uri.IsLoopback && !options.WantsAuthentication)
            yield return ("BearerToken", $"is missing, and others can reach {options.Listen}; give BearerToken, or User and Password");
        if (isHttps != (options.CertificateFile is not null && options.KeyFile is not null))
            yield return ("CertificateFile", isHttps ? "or KeyFile is missing; https needs both" : "and KeyFile go with https, and Listen is http");
        else if (isHttps && CertificateProblem(options) is { } problem)
            yield return ("CertificateFile", problem);
    }

    private static IEnumerable<(string Key, string Problem)> Credentials(CodecServerOptions options)
    {
        if (!options.BearerToken.IsUnset && SecretProblem(options.BearerToken, ShortestToken) is { } token)
            yield return ("BearerToken", token);
        if (options.User is null != options.Password.IsUnset)
            yield return ("User", "and Password go together; one of them is missing");
        if (options.User is "" || options.User?.Contains(':', StringComparison.Ordinal) == true)
            yield return ("User", "must be a name without a colon");
        if (!options.Password.IsUnset && SecretProblem(options.Password, ShortestPassword) is { } password)
            yield return ("Password", password);
    }

    private static IEnumerable<(string Key, string Problem)> Origins(CodecServerOptions options) => options.AllowedOrigins
        .Where(o => !Uri.TryCreate(o, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != o)
        .Select(o => ("AllowedOrigins", $"has '{o}', which is no origin; write it as https://temporal.example.com, without a path, a star or a slash at the end"));

    private static string? SecretProblem(SecretSource source, int shortest) =>
        !source.TryRead(out string secret, out string? problem) ? problem : secret.Length < shortest ? $"is shorter than {shortest} characters" : null;

    private static string? CertificateProblem(CodecServerOptions options)
    {
        if (!Path.IsPathRooted(options.CertificateFile!) || !Path.IsPathRooted(options.KeyFile!))
            return "and KeyFile must be absolute paths";
        try
        {
            CertificateOf(options)!.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"and KeyFile cannot be used: {e.Message}";
        }
    }
}
