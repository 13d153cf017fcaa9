using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Keysets;

/// <summary>CA certificates with keys that an operator supplies, by name in the worker's configuration; checked before kops gets them.</summary>
internal sealed class SuppliedKeypairs(RotationOptions options, TimeProvider clock)
{
    private static readonly TimeSpan ShortestLeft = TimeSpan.FromDays(30);

    /// <summary>What speaks against importing a keypair into a keyset, a sentence each; none when it is fit.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(string name, KeysetState keyset, CancellationToken ct)
    {
        (byte[]? certificate, byte[]? key, string? missing) = await FindAsync(name, ct).ConfigureAwait(false);
        try
        {
            return missing is not null ? [missing] : [.. Problems(name, keyset, Encoding.UTF8.GetString(certificate!), Encoding.UTF8.GetString(key!))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Certificate and key, PEM. The caller overwrites the key after use. Fails with <c>InvalidRequest</c>, not retried, naming everything that speaks against it.</summary>
    public async Task<(byte[] Certificate, byte[] Key)> GetAsync(string name, KeysetState keyset, CancellationToken ct)
    {
        IReadOnlyList<string> problems = await ProblemsAsync(name, keyset, ct).ConfigureAwait(false);
        if (problems.Count > 0)
            throw RotationErrors.Permanent(RotationErrors.InvalidRequest, string.Join(' ', problems));
        (byte[]? certificate, byte[]? key, _) = await FindAsync(name, ct).ConfigureAwait(false);
        return (certificate!, key!);
    }

    private async Task<(byte[]? Certificate, byte[]? Key, string? Missing)> FindAsync(string name, CancellationToken ct)
    {
        if (!options.SuppliedKeypairs.TryGetValue(name, out SuppliedKeypairOptions? paths))
            return (null, null, $"The worker has no supplied keypair '{name}'; it has: {string.Join(", ", options.SuppliedKeypairs.Keys.Order(StringComparer.Ordinal))}.");
        byte[]? certificate = await PrivateFiles.ReadAsync(paths.CertificatePath ?? "", ct).ConfigureAwait(false);
        byte[]? key = await PrivateFiles.ReadAsync(paths.KeyPath ?? "", ct).ConfigureAwait(false);
        return certificate is null || key is null
            ? (null, null, $"The supplied keypair '{name}' has no file at '{(certificate is null ? paths.CertificatePath : paths.KeyPath)}'.")
            : (certificate, key, null);
    }

    private List<string> Problems(string name, KeysetState keyset, string certificatePem, string keyPem)
    {
        string who = $"The supplied keypair '{name}'";
        if (Parse(certificatePem) is not { } certificate)
            return [$"{who} has no certificate that can be read."];
        using (certificate)
        {
            List<string> problems = [];
            if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority))
                problems.Add($"{who} is not a CA (no basic constraints that say so).");
            if (certificate.Extensions.OfType<X509KeyUsageExtension>().Any(e => !e.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)))
                problems.Add($"{who} may not sign certificates (key usage).");
            if (!Fits(certificate, keyPem))
                problems.Add($"{who} has a key that does not belong to its certificate.");
            problems.AddRange(ValidityProblems(who, certificate));
            problems.AddRange(KeysetProblems(who, certificate, keyset));
            return problems;
        }
    }

    private IEnumerable<string> ValidityProblems(string who, X509Certificate2 certificate)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (certificate.NotBefore.ToUniversalTime() > now)
            yield return $"{who} is not valid before {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm}Z.";
        if (certificate.NotAfter.ToUniversalTime() < now + ShortestLeft)
            yield return $"{who} ends on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; it must live for another {ShortestLeft.Days} days at least.";
    }

    private static IEnumerable<string> KeysetProblems(string who, X509Certificate2 certificate, KeysetState keyset)
    {
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        if (keyset.Keypairs.Any(k => k.Fingerprint == fingerprint))
            yield return $"{who} is in the keyset '{keyset.Name}' already.";
        else if (Subjects.Same(certificate.SubjectName.Name, keyset.Keypairs.Where(k => !k.Distrusted).Select(k => k.Subject)) is { } taken)
            yield return $"{who} has the subject '{taken}', which a trusted CA of '{keyset.Name}' has too; clients mix them up. Give it another.";
    }

    private static X509Certificate2? Parse(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The exception's text may say something of the key; only that it does not fit is ours to tell.
    private static bool Fits(X509Certificate2 certificate, string keyPem)
    {
        try
        {
            using X509Certificate2 both = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), keyPem);
            return both.HasPrivateKey;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
