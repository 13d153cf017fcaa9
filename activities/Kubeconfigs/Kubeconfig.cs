using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rotation.Workflows;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>A kubeconfig: read, compared, merged and written without losing what we do not know. Its text never enters a message.</summary>
internal sealed class Kubeconfig
{
    private readonly YamlMappingNode _root;

    private Kubeconfig(YamlMappingNode root) => _root = root;

    /// <summary>Parses one. Fails with <c>ReadBackMismatch</c> when it is none.</summary>
    /// <param name="content">UTF-8 YAML or JSON.</param>
    /// <param name="what">What it is, for the message.</param>
    public static Kubeconfig Parse(byte[] content, string what)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Encoding.UTF8.GetString(content)));
            if (yaml.Documents is [{ RootNode: YamlMappingNode root }])
                return new(root);
        }
        catch (YamlException)
        {
            // The parser's message quotes the text; ours must not.
        }

        throw RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"{what} is not a kubeconfig.");
    }

    /// <summary>The written form.</summary>
    public byte[] ToBytes()
    {
        var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(_root)).Save(text, assignAnchors: false);
        string yaml = text.ToString();
        return Encoding.UTF8.GetBytes(yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml);
    }

    /// <summary>CA certificates of a cluster's entry, in their order; empty when there are none.</summary>
    public IReadOnlyList<X509Certificate2> CaCertificates(string cluster)
    {
        var certificates = new X509Certificate2Collection();
        if (Data(Entry("clusters", cluster, "cluster"), "certificate-authority-data") is { } pem)
            certificates.ImportFromPem(pem);
        return [.. certificates];
    }

    /// <summary>SHA-256 of each CA certificate of a cluster's entry, sorted.</summary>
    public IReadOnlyList<string> CaFingerprints(string cluster) =>
        [.. CaCertificates(cluster).Select(c => Convert.ToHexStringLower(SHA256.HashData(c.RawData))).Order(StringComparer.Ordinal)];

    /// <summary>Client certificate with its key of a user's entry, or null when it carries none.</summary>
    public X509Certificate2? ClientCertificate(string user)
    {
        YamlMappingNode? entry = Entry("users", user, "user");
        if (Data(entry, "client-certificate-data") is not { } certificate || Data(entry, "client-key-data") is not { } key)
            return null;
        using var parsed = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(parsed.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Sends a cluster's clients to another address, still checking the certificate against the name it had.</summary>
    public void ConnectTo(string cluster, string hostAndPort)
    {
        YamlMappingNode entry = Entry("clusters", cluster, "cluster") ?? throw Missing(cluster);
        if (TextOf(entry, "tls-server-name") is null && Uri.TryCreate(TextOf(entry, "server"), UriKind.Absolute, out Uri? server))
            entry.Children["tls-server-name"] = server.Host;
        entry.Children["server"] = $"https://{hostAndPort}";
    }

    /// <summary>Name the server's certificate is checked against: <c>tls-server-name</c>, else the host of <c>server</c>.</summary>
    public string ServerName(string cluster)
    {
        YamlMappingNode entry = Entry("clusters", cluster, "cluster") ?? throw Missing(cluster);
        return TextOf(entry, "tls-server-name") ?? new Uri(TextOf(entry, "server") ?? throw Missing(cluster)).Host;
    }

    /// <summary>
    /// Puts the cluster's entries of <paramref name="exported"/> into this one and keeps everything else: other clusters, contexts, users and the current context.
    /// An entry of a user is replaced only when the export carries one; the cluster's context keeps its user otherwise.
    /// </summary>
    public void Merge(Kubeconfig exported, string cluster)
    {
        Put("clusters", exported.Item("clusters", cluster) ?? throw Missing(cluster));
        YamlMappingNode? context = exported.Item("contexts", cluster);
        if (exported.Item("users", cluster) is { } user)
            Put("users", user);
        else if (Item("contexts", cluster) is not null)
            context = null;
        if (context is not null)
            Put("contexts", context);
        if (string.IsNullOrEmpty(TextOf(_root, "current-context")))
            _root.Children["current-context"] = cluster;
    }

    private static Temporalio.Exceptions.ApplicationFailureException Missing(string cluster) =>
        RotationErrors.Permanent(RotationErrors.ReadBackMismatch, $"A kubeconfig has no usable entry of the cluster '{cluster}'.");

    private void Put(string list, YamlMappingNode item)
    {
        if (!_root.Children.TryGetValue(list, out YamlNode? node) || node is not YamlSequenceNode items)
            _root.Children[list] = items = [];
        int present = items.Children.IndexOf(items.Children.FirstOrDefault(i => i is YamlMappingNode m && TextOf(m, "name") == TextOf(item, "name"))!);
        if (present < 0)
            items.Add(item);
        else
            items.Children[present] = item;
    }

    private YamlMappingNode? Item(string list, string name) => _root.Children.TryGetValue(list, out YamlNode? node) && node is YamlSequenceNode items
        ? items.OfType<YamlMappingNode>().FirstOrDefault(i => TextOf(i, "name") == name)
        : null;

    private YamlMappingNode? Entry(string list, string name, string field) => Item(list, name)?.Children.TryGetValue(field, out YamlNode? entry) == true ? entry as YamlMappingNode : null;

    private static string? TextOf(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? (value as YamlScalarNode)?.Value : null;

    private static string? Data(YamlMappingNode? entry, string key) => entry is not null && TextOf(entry, key) is { Length: > 0 } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : null;
}
