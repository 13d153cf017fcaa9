using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rotation.Lab.Cluster;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Probes;

/// <summary>The admin client: reads its kubeconfig file again whenever it changed, or, when told to keep, never again.</summary>
internal sealed class KubeconfigSource(LabWorld world, string path, bool keep) : IProbeSource
{
    private ProbeIdentity? _identity;
    private byte[] _content = [];
    private X509Certificate2? _certificate;

    public async Task<ProbeIdentity?> NextAsync(CancellationToken cancel)
    {
        if (_identity is not null && keep)
            return _identity;
        var content = await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false);
        if (_identity is not null && content.AsSpan().SequenceEqual(_content))
            return _identity;
        _identity?.Dispose();
        _content = content;
        return _identity = Read(Encoding.UTF8.GetString(content));
    }

    public void Dispose() => _identity?.Dispose();

    private ProbeIdentity Read(string text)
    {
        var root = Yaml.Parse(text);
        var cluster = (YamlMappingNode)((YamlSequenceNode)root["clusters"])[0]["cluster"];
        var user = (YamlMappingNode)((YamlSequenceNode)root["users"])[0]["user"];
        var name = Yaml.Text(cluster, "tls-server-name") ?? $"api.internal.{world.Options.ClusterName}";
        // A file of CAs only (step 2) has no user of its own: the client goes on with the certificate that it has.
        var certificate = Decode(user, "client-certificate-data") is { } pem
            ? X509Certificate2.CreateFromPem(pem, Decode(user, "client-key-data"))
            : _certificate ?? throw new InvalidDataException($"{path} holds no client certificate.");
        _certificate = certificate;
        return new ProbeIdentity("admin", new Uri($"https://127.0.0.1:{world.Balancer.Port}/api/v1/namespaces/default"),
            new TrustBundle(Decode(cluster, "certificate-authority-data") ?? ""), name, certificate, token: null);
    }

    private static string? Decode(YamlMappingNode node, string field) =>
        Yaml.Text(node, field) is { Length: > 0 } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
}
