namespace Rotation.Lab.Pki;

/// <summary>A certificate with its private key, both PEM text.</summary>
/// <param name="Id">Serial number, decimal.</param>
/// <param name="Certificate">The certificate.</param>
/// <param name="PrivateKey">The private key, or null where it is not known.</param>
internal sealed record PemPair(string Id, string Certificate, string? PrivateKey);
