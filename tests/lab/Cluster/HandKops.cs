using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rotation.Tests.Lab.Cluster;

/// <summary>
/// What an operator does to a state store by hand, in kops' layout: the lab's nodes are tested on files, whoever wrote them. It keeps keysets in memory and
/// writes them out whole.
/// </summary>
internal sealed class HandKops : IDisposable
{
    private static readonly string[] Keysets =
    [
        "kubernetes-ca", "service-account", "apiserver-aggregator-ca", "etcd-clients-ca",
        "etcd-manager-ca-main", "etcd-manager-ca-events", "etcd-peers-ca-main", "etcd-peers-ca-events",
    ];

    private readonly Dictionary<string, List<Keypair>> _keysets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _primaries = new(StringComparer.Ordinal);
    private readonly List<(string Name, bool ControlPlane, int Size)> _groups = [];

    public HandKops(int controlPlane, int workers, int workerGroups = 1)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("rotation-lab-").FullName;
        Write("config", $"apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nmetadata:\n  name: {ClusterName}\nspec:\n  kubernetesVersion: 1.26.5\n");
        for (var n = 0; n < controlPlane; n++)
            AddGroup($"control-plane-us-east-1{(char)('a' + n)}", "Master", 1, $"us-east-1{(char)('a' + n)}");
        for (var n = 0; n < workerGroups; n++)
            AddGroup($"nodes-{n}", "Node", (workers / workerGroups) + (n < workers % workerGroups ? 1 : 0), "us-east-1a, us-east-1b, us-east-1c");
        foreach (var name in Keysets)
        {
            _keysets[name] = [Create(name)];
            _primaries[name] = _keysets[name][0].Id;
        }

        Update();
    }

    public static string ClusterName => "lab.example.com";

    public string Directory { get; }

    public IReadOnlyList<(string Name, bool ControlPlane, int Size)> Groups => _groups;

    public string Kubeconfig => Path.Combine(Directory, "kubeconfig");

    /// <summary>Puts a classic load balancer before the API; for a lab that has not started.</summary>
    public void UseClassicLoadBalancer() => File.AppendAllText(Path.Combine(Directory, ClusterName, "config"), "  api:\n    loadBalancer:\n      class: Classic\n");

    public string Primary(string keyset) => _primaries[keyset];

    public void Stage(params string[] names) => Each(names, (name, keys) => keys.Add(Create(name)));

    public void Promote(params string[] names) => Each(names, (name, keys) => _primaries[name] = keys[^1].Id);

    public void Distrust(params string[] names) => Each(names, (name, keys) => keys.ForEach(k => k.Trusted = k.Id == _primaries[name]));

    /// <summary>As <c>update cluster --yes</c>: writes keysets and node configurations; the nodes see them at their next boot.</summary>
    public void Update()
    {
        foreach (var (name, keys) in _keysets)
            Write($"pki/private/{name}/keyset.yaml", KeysetFile(name, keys));
        foreach (var (name, controlPlane, _) in _groups)
            Write($"igconfig/{(controlPlane ? "master" : "node")}/{name}/nodeupconfig.yaml", NodeConfiguration(controlPlane));
    }

    /// <summary>As <c>export kubecfg --admin</c>: trusted CAs, and a client certificate signed by the primary when asked, else the one that was there.</summary>
    public void Export(string path, bool admin)
    {
        var ca = Bundle("kubernetes-ca");
        var text = $"apiVersion: v1\nkind: Config\ncurrent-context: {ClusterName}\ncontexts:\n- name: {ClusterName}\n  context: {{cluster: {ClusterName}, user: {ClusterName}}}\nclusters:\n- cluster:\n    certificate-authority-data: {Base64(ca)}\n    server: https://127.0.0.1\n    tls-server-name: api.internal.{ClusterName}\n  name: {ClusterName}\nusers:\n- name: {ClusterName}\n  user:\n";
        if (admin)
        {
            var primary = _keysets["kubernetes-ca"].Single(k => k.Id == Primary("kubernetes-ca"));
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("O=system:masters, CN=kubecfg", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
            using var issuer = X509Certificate2.CreateFromPem(primary.Certificate, primary.Key);
            var signer = X509SignatureGenerator.CreateForRSA(issuer.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
            using var certificate = request.Create(issuer.SubjectName, signer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(12));
            text += $"    client-certificate-data: {Base64(certificate.ExportCertificatePem())}\n    client-key-data: {Base64(key.ExportECPrivateKeyPem())}\n";
        }
        else
        {
            text += string.Join('\n', File.ReadAllLines(path).Where(l => l.Contains("client-", StringComparison.Ordinal))) + "\n";
        }

        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Keypair Create(string name)
    {
        // RSA as kops makes it where clients see it; elsewhere ECDSA, as an operator may have brought: a test makes dozens of keypairs.
        using AsymmetricAlgorithm key = name is "kubernetes-ca" or "service-account" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x7f) | 1);
        var id = new BigInteger(serial, isUnsigned: true, isBigEndian: true).ToString();
        var subject = new X500DistinguishedName($"SERIALNUMBER={id}, CN={name}");
        var (request, signer, pem) = key is RSA rsa
            ? (new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), rsa.ExportRSAPrivateKeyPem())
            : (new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256), X509SignatureGenerator.CreateForECDsa((ECDsa)key), ((ECDsa)key).ExportECPrivateKeyPem());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using var certificate = request.Create(request.SubjectName, signer, DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddYears(10), serial);
        return new Keypair(id, certificate.ExportCertificatePem(), pem);
    }

    private static string Indent(string text, int by) => string.Join('\n', text.Split('\n').Select(l => new string(' ', by) + l));

    private void Each(string[] names, Action<string, List<Keypair>> change)
    {
        foreach (var name in names.Length == 0 ? Keysets : names)
            change(name, _keysets[name]);
    }

    private string Bundle(string name) => string.Join('\n', _keysets[name].Where(k => k.Trusted).Select(k => k.Certificate));

    private string KeysetFile(string name, List<Keypair> keys)
    {
        var items = keys.Select(k => (k.Trusted ? "" : "    distrustTimestamp: \"2026-11-23T00:00:00Z\"\n")
            + $"    privateMaterial: {Base64(k.Key)}\n    publicMaterial: {Base64(k.Certificate)}\n").Zip(keys, (text, k) => $"  - id: \"{k.Id}\"\n{text}");
        return $"apiVersion: kops.k8s.io/v1alpha2\nkind: Keyset\nmetadata:\n  name: {name}\nspec:\n  keys:\n{string.Concat(items)}  primaryId: \"{_primaries[name]}\"\n  type: Keypair\n";
    }

    private string NodeConfiguration(bool controlPlane)
    {
        var names = controlPlane ? Keysets.Where(k => k != "service-account") : ["kubernetes-ca"];
        var text = new StringBuilder("CAs:\n");
        foreach (var name in names)
            text.Append($"  {name}: |\n{Indent(Bundle(name), 4)}\n");
        text.Append("KeypairIDs:\n");
        foreach (var name in controlPlane ? Keysets : ["kubernetes-ca"])
            text.Append($"  {name}: \"{_primaries[name]}\"\n");
        if (controlPlane)
            text.Append($"APIServerConfig:\n  ServiceAccountPublicKeys: |\n{Indent(Bundle("service-account"), 4)}\n");
        return text.ToString();
    }

    private void AddGroup(string name, string role, int size, string zones)
    {
        _groups.Add((name, role == "Master", size));
        Write($"instancegroup/{name}", $"kind: InstanceGroup\nmetadata:\n  name: {name}\nspec:\n  maxSize: {size}\n  minSize: {size}\n  role: {role}\n  subnets: [{zones}]\n");
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(Directory, ClusterName, path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    private sealed record Keypair(string Id, string Certificate, string Key)
    {
        public bool Trusted { get; set; } = true;
    }
}
