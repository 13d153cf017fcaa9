using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rotation.Activities.Hosting;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;
using Temporalio.Testing;

namespace Rotation.Tests.Unit.Activities;

/// <summary>A state store in a folder with one cluster, and a kops that is a shell script: what it does to the store is scripted by the test.</summary>
internal sealed class TestCluster : IDisposable
{
    private readonly ServiceProvider _services;

    public TestCluster(Dictionary<string, string?>? settings = null, ICloud? cloud = null)
    {
        Folder = Directory.CreateTempSubdirectory("rotation-test-").FullName;
        Kops = Path.Combine(Folder, "kops");
        Script("exit 0");
        var all = new Dictionary<string, string?>
        {
            ["Rotation:Kops:Path"] = Kops,
            ["Rotation:StateStore"] = $"file://{Folder}/store",
            ["Rotation:WorkDirectory"] = Path.Combine(Folder, "work"),
            ["Rotation:Deadlines:Poll"] = "00:00:00.05",
            ["Rotation:Deadlines:KopsGrace"] = "00:00:03",
        };
        foreach ((string key, string? value) in settings ?? [])
            all[key] = value?.Replace("{folder}", Folder, StringComparison.Ordinal);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        IServiceCollection services = new ServiceCollection().AddRotationActivities(configuration);
        _services = (cloud is null ? services : services.AddSingleton(cloud)).BuildServiceProvider();
    }

    public static ClusterRef Ref { get; } = new() { Name = "test.example.com", Rotation = "rotation-1" };

    public string Folder { get; }

    public string Kops { get; }

    public string Keyset(string name) => Path.Combine(Folder, "store", Ref.Name, "pki/private", name, "keyset.yaml");

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Makes the kops script. <c>version</c> is answered for it; $STORE is the cluster's folder and $TEST the test's.</summary>
    public void Script(string body, string version = "1.26.6")
    {
        string script = $"#!/bin/sh\nTEST='{Folder}'\nSTORE='{Folder}/store/{Ref.Name}'\nif [ \"$1\" = version ]; then echo 'Client version: {version}'; exit 0; fi\necho \"$*\" >> \"$TEST/calls\"\n{body}\n";
        string next = Kops + ".next";
        File.WriteAllText(next, script);
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(next, Kops, overwrite: true);
    }

    public string[] Calls() => File.Exists(Path.Combine(Folder, "calls")) ? File.ReadAllLines(Path.Combine(Folder, "calls")) : [];

    public void Put(string keyset, string yaml)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Keyset(keyset))!);
        File.WriteAllText(Keyset(keyset), yaml);
    }

    /// <summary>Runs an activity as the worker would.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> activity)
    {
        var environment = new ActivityEnvironment { Info = ActivityEnvironment.DefaultInfo with { StartToCloseTimeout = TimeSpan.FromMinutes(2), ScheduledTime = DateTime.UtcNow } };
        return environment.RunAsync(activity);
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Makes keypairs as kops makes them.</summary>
internal sealed class TestKeypair : IDisposable
{
    private readonly RSA _key;

    public TestKeypair(string keyset, long number, bool distrusted = false, int keyBits = 2048, bool isNumbered = true)
    {
        _key = RSA.Create(keyBits);
        Distrusted = distrusted;
        var id = (BigInteger)number << 32;
        Id = id.ToString();
        var names = new X500DistinguishedNameBuilder();
        if (isNumbered)
            names.Add("2.5.4.5", Id, System.Formats.Asn1.UniversalTagNumber.PrintableString);
        names.AddCommonName(keyset);
        var request = new CertificateRequest(names.Build(), _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForRSA(_key, RSASignaturePadding.Pkcs1), now.AddDays(-2), now.AddYears(10), id.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    public string Id { get; }

    public bool Distrusted { get; init; }

    public X509Certificate2 Certificate { get; }

    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Certificate.RawData));

    public string PrivatePem => _key.ExportRSAPrivateKeyPem();

    public static string Yaml(string keyset, TestKeypair primary, params TestKeypair[] keypairs)
    {
        var yaml = new StringBuilder($"apiVersion: kops.k8s.io/v1alpha2\nkind: Keyset\nmetadata:\n  creationTimestamp: null\n  name: {keyset}\nspec:\n  keys:\n");
        foreach (TestKeypair k in keypairs)
            yaml.Append(k.Item(k.Distrusted));
        return yaml.Append($"  primaryId: \"{primary.Id}\"\n  type: Keypair\n").ToString();
    }

    /// <summary>A certificate with its key that this CA issued.</summary>
    public X509Certificate2 Issue(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 issued = request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForRSA(_key, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private string Item(bool distrusted)
    {
        string stamp = distrusted ? "  - distrustTimestamp: \"2026-11-23T20:16:44Z\"\n    id" : "  - id";
        return $"{stamp}: \"{Id}\"\n    privateMaterial: {Encode(PrivatePem + "\n")}\n    publicMaterial: {Encode(Certificate.ExportCertificatePem() + "\n")}\n";
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
