using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary><c>create keypair --cert --key</c>: ids, forms and words as kops 1.26 has them in its sources.</summary>
public sealed class ImportTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private const string Ca = "kubernetes-ca";
    private readonly EmulatedStore _store = cluster.Store.Copy();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_certificate_with_a_small_serial_number_keeps_it_as_its_id_and_is_told_of()
    {
        (string certificate, string key) = Import(serial: 17);

        Emulated created = await _store.RunAsync($"create keypair {Ca} --cert {certificate} --key {key}");

        created.ShouldBe(new Emulated(0, $"using user provided cert: {certificate}\nusing user provided private key: {key}\nCreated {Ca} 17\n", ""));
        _store.Keyset(Ca).All.ShouldContain("17");
    }

    [Theory]
    [InlineData(120, false)]
    [InlineData(4, true)]
    public async Task One_too_large_or_too_small_for_a_primary_gets_a_new_id(int bits, bool primary)
    {
        (string certificate, string key) = Import(BigInteger.One << bits);

        await _store.RunAsync($"create keypair {Ca} --cert {certificate} --key {key}{(primary ? " --primary" : "")}");

        (string first, string[] _, string[] all) = _store.Keyset(Ca);
        BigInteger.Parse(all[1]).ShouldBeGreaterThan(BigInteger.Parse(all[0]));
        all[1].Length.ShouldBe(28);
        first.ShouldBe(primary ? all[1] : all[0]);
    }

    [Fact]
    public async Task Certificates_without_a_key_are_counted_from_0_and_cannot_be_promoted()
    {
        string fresh = $"{(await _store.RunAsync($"create keypair {Ca}")).Output.Split(' ')[2].Trim()}";
        await _store.RunAsync($"promote keypair {Ca} {_store.Keyset(Ca).All[0]}");
        (string one, _) = Import(BigInteger.Parse(fresh) + 1, "one");
        (string other, _) = Import(BigInteger.Parse(fresh) + 2, "other");

        (await _store.RunAsync($"create keypair {Ca} --cert {one}")).Output.ShouldEndWith($"Created {Ca} 0\n");
        (await _store.RunAsync($"create keypair {Ca} --cert {other}")).Output.ShouldEndWith($"Created {Ca} 1\n");

        (await _store.RunAsync($"promote keypair {Ca} 0")).Errors.ShouldBe("Error: keypair has no private key\n");
        (await _store.RunAsync($"create keypair {Ca} --cert {one} --primary")).Errors.ShouldBe("Error: private key not provided for primary item\n");
        _store.Text(Ca).Split("privateMaterial").Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(false, "RSA PRIVATE KEY")]
    [InlineData(true, "EC PRIVATE KEY")]
    public async Task A_key_in_another_form_is_stored_in_kops_own(bool elliptic, string label)
    {
        using AsymmetricAlgorithm key = elliptic ? ECDsa.Create(ECCurve.NamedCurves.nistP384) : RSA.Create(2048);
        File.WriteAllText(_store.File("key"), "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n" + key.ExportPkcs8PrivateKeyPem());

        Emulated created = await _store.RunAsync($"create keypair {Ca} --key {_store.File("key")}");

        created.ExitCode.ShouldBe(0, created.Errors);
        created.Errors.ShouldContain("] Ignoring unexpected PEM block: \"EC PARAMETERS\"\n");
        string stored = System.Text.RegularExpressions.Regex.Matches(_store.Text(Ca), @"privateMaterial: (\S+)").Select(m => System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(m.Groups[1].Value))).Single(t => elliptic == t.Contains("EC PRIVATE", StringComparison.Ordinal) && (elliptic || t.Contains(((RSA)key).ExportRSAPrivateKeyPem(), StringComparison.Ordinal)));
        stored.ShouldStartWith($"-----BEGIN {label}-----\n");
        (await _store.RunAsync($"get keypairs {Ca} -o json")).Output.ShouldContain("\"isCA\":true");
    }

    [Theory]
    [InlineData("--cert", "error loading certificate \"FILE\": could not parse certificate")]
    [InlineData("--key", "error loading private key \"no\\n\": could not parse private key (unable to decode PEM)")]
    public async Task A_file_that_holds_none_is_refused_with_kops_words(string flag, string error)
    {
        File.WriteAllText(_store.File("f"), "no\n");

        (await _store.RunAsync($"create keypair {Ca} {flag} {_store.File("f")}")).Errors.ShouldBe($"Error: {error.Replace("FILE", _store.File("f"), StringComparison.Ordinal)}\n");
        _store.Keyset(Ca).All.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("gone", "open FILE: no such file or directory")]
    [InlineData("", "read FILE: is a directory")]
    [InlineData("f/x", "open FILE: not a directory")]
    public async Task A_file_that_cannot_be_read_is_told_as_Go_tells_it(string path, string error)
    {
        File.WriteAllText(_store.File("f"), "no\n");

        (await _store.RunAsync($"create keypair {Ca} --key {_store.File(path)}")).Errors.ShouldBe($"Error: error reading user provided private key \"{_store.File(path)}\": {error.Replace("FILE", _store.File(path), StringComparison.Ordinal)}\n");
    }

    [Fact]
    public async Task What_stands_before_a_certificate_is_passed_over_and_told_of()
    {
        (string certificate, string key) = Import(serial: 17);
        File.WriteAllText(_store.File("both"), File.ReadAllText(key) + "\n" + File.ReadAllText(certificate));

        (await _store.RunAsync($"create keypair {Ca} --cert {_store.File("both")} --key {key}")).Errors.ShouldMatch(@"^I[^\n]* certificate\.go:\d+\] Ignoring unexpected PEM block: ""RSA PRIVATE KEY""\n$");
        (await _store.RunAsync($"create keypair {Ca} --cert {key}")).Errors.ShouldEndWith($"] Ignoring unexpected PEM block: \"RSA PRIVATE KEY\"\nError: error loading certificate \"{key}\": could not parse certificate\n");
    }

    [Fact]
    public async Task Names_of_an_imported_certificate_are_shown_as_Go_shows_them()
    {
        using var key = RSA.Create(2048);
        var name = new X500DistinguishedNameBuilder();
        // The builder writes what was added last first.
        name.AddCommonName("last");
        name.AddCommonName("first");
        name.AddOrganizationalUnitName("two");
        name.AddOrganizationalUnitName("one");
        name.AddOrganizationName("Example, Ltd");
        name.AddCountryOrRegion("CH");
        name.AddEmailAddress("ca@example.com");
        name.AddDomainComponent("example");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var others = new SubjectAlternativeNameBuilder();
        others.AddEmailAddress("z@example.com");
        others.AddDnsName("x.example.com");
        others.AddIpAddress(System.Net.IPAddress.Parse("2001:db8::1"));
        request.CertificateExtensions.Add(others.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(_store.File("c"), certificate.ExportCertificatePem());
        File.WriteAllText(_store.File("k"), key.ExportRSAPrivateKeyPem());
        await _store.RunAsync($"create keypair {Ca} --cert {_store.File("c")} --key {_store.File("k")}");

        (await _store.RunAsync($"get keypairs {Ca} -o json")).Output.ShouldContain(
            "\"subject\":\"CN=last,OU=one+OU=two,O=Example\\\\, Ltd,C=CH,1.2.840.113549.1.9.1=#0c0e6361406578616d706c652e636f6d,0.9.2342.19200300.100.1.25=#13076578616d706c65\",");
        (await _store.RunAsync($"get keypairs {Ca} -o json")).Output.ShouldContain("\"alternateNames\":[\"2001:db8::1\",\"x.example.com\",\"z@example.com\"]");
    }

    [Fact]
    public async Task Keysets_under_their_older_names_are_found_and_written_under_the_new_ones()
    {
        string folder = Path.Combine(_store.Folder, EmulatedStore.Cluster, "pki", "private");
        Directory.Move(Path.Combine(folder, Ca), Path.Combine(folder, "ca"));

        Emulated created = await _store.RunAsync($"create keypair {Ca}");

        created.Errors.ShouldMatch(@"^W[^\n]* vfs_castore\.go:383\] CA private key was not found\n$");
        _store.Keyset(Ca).All.Length.ShouldBe(2);
    }

    private (string Certificate, string Key) Import(BigInteger serial, string name = "import")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Example CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1), serial.ToByteArray(isUnsigned: true, isBigEndian: true));
        File.WriteAllText(_store.File(name + ".crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_store.File(name + ".key"), key.ExportRSAPrivateKeyPem());
        return (_store.File(name + ".crt"), _store.File(name + ".key"));
    }
}
