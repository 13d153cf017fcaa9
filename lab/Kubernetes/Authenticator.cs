using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>Who asks.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Groups of the user.</param>
internal sealed record ApiUser(string Name, IReadOnlyList<string> Groups)
{
    public bool IsAdmin => Groups.Contains("system:masters") || Groups.Contains("system:nodes") || Name.StartsWith("system:", StringComparison.Ordinal);
}

/// <summary>
/// As kube-apiserver with anonymous access off: a client certificate that chains to the bundle as of boot, or a service-account token signed by a key trusted
/// as of boot, else 401. The handshake itself takes any certificate, as the real one does.
/// </summary>
internal sealed class Authenticator(NodeMaterial material)
{
    /// <summary>Header of the lab that says why a request was refused, for probes.</summary>
    public const string ReasonHeader = "X-Lab-Reason";

    private readonly ConcurrentDictionary<string, (bool Trusted, string Reason)> _seen = new(StringComparer.Ordinal);

    public ApiUser Authenticate(HttpContext context)
    {
        var why = "no credentials were presented";
        if (context.Connection.ClientCertificate is { } certificate)
        {
            var (trusted, reason) = _seen.GetOrAdd(certificate.Thumbprint, _ => (material.Ca.Verifies(certificate, out var r), r));
            if (trusted && certificate.NotAfter > DateTime.Now)
                return new ApiUser(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), Organizations(certificate));
            why = $"x509: client certificate issued by {certificate.Issuer} is not trusted: {(trusted ? "expired" : reason)}";
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            var claims = material.TokenKeys!.Verify(header["Bearer ".Length..], out why);
            if (claims is { } known)
                return new ApiUser(known.GetProperty("sub").GetString() ?? "", ["system:serviceaccounts"]);
            why = "invalid bearer token: " + why;
        }

        // The real server says only "Unauthorized"; its log has the reason. The lab gives it in a header, so that a probe can tell.
        context.Response.Headers[ReasonHeader] = why;
        throw new ApiStatusException(401, "Unauthorized", "Unauthorized");
    }

    private static List<string> Organizations(X509Certificate2 certificate) =>
        [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(n => !n.HasMultipleElements && n.GetSingleElementType().Value == "2.5.4.10")
            .Select(n => n.GetSingleElementValue() ?? "")];
}
