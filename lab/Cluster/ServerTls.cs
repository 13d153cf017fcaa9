using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Rotation.Lab.Cluster;

/// <summary>How API servers and kubelets set up TLS: their certificate, and the client CAs they name in the handshake.</summary>
internal static class ServerTls
{
    public static SslServerAuthenticationOptions Options(X509Certificate2 certificate, TrustBundle clients, params SslApplicationProtocol[] protocols) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true,
            SslCertificateTrust.CreateForX509Collection(clients.Certificates, sendTrustInHandshake: true)),
        ClientCertificateRequired = true,
        // A resumed session would skip the certificates: each connection must prove itself.
        AllowTlsResume = false,
#pragma warning disable CA5359 // As in Kubernetes: the handshake asks for a client certificate, authentication after it judges with 401.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        ApplicationProtocols = [.. protocols],
    };
}
