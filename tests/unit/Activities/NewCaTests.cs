using System.Text;
using Rotation.Activities.Keysets;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class NewCaTests
{
    [Theory]
    [InlineData(KeyAlgorithm.Rsa2048)]
    [InlineData(KeyAlgorithm.Rsa4096)]
    [InlineData(KeyAlgorithm.EcdsaP256)]
    [InlineData(KeyAlgorithm.EcdsaP384)]
    public void A_new_ca_is_what_the_keyset_reader_accepts_as_a_keypair(KeyAlgorithm algorithm)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (byte[] certificate, byte[] key) = NewCa.Make("kubernetes-ca", new() { Algorithm = algorithm, LifetimeDays = 400 }, now);
        string id = new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(certificate).SerialNumber.ToString();
        string yaml = $"kind: Keyset\nmetadata: {{name: kubernetes-ca}}\nspec:\n  keys:\n  - id: \"{id}\"\n    privateMaterial: {Convert.ToBase64String(key)}\n    publicMaterial: {Convert.ToBase64String(certificate)}\n  primaryId: \"{id}\"\n  type: Keypair\n";

        KeypairState keypair = KeysetFile.Parse("f", "kubernetes-ca", Encoding.ASCII.GetBytes(yaml)).Keypairs.Single();

        keypair.Subject.ShouldBe($"SERIALNUMBER={id},CN=kubernetes-ca");
        keypair.NotAfter.ShouldBe(now.AddDays(400), TimeSpan.FromSeconds(2));
        keypair.Id.Length.ShouldBe(28);
    }

    [Fact]
    public void A_lifetime_out_of_bounds_is_refused() =>
        Should.Throw<ApplicationFailureException>(() => NewCa.Make("kubernetes-ca", new() { LifetimeDays = 3 }, DateTimeOffset.UtcNow)).ErrorType.ShouldBe(RotationErrors.InvalidRequest);

    [Fact]
    public async Task Staging_to_a_policy_imports_a_certificate_and_key_that_are_private_and_wiped()
    {
        using var cluster = new TestCluster();
        using var old = new TestKeypair("kubernetes-ca", 17);
        using var fresh = new TestKeypair("kubernetes-ca", 18);
        cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", old, old));
        File.WriteAllText(Path.Combine(cluster.Folder, "staged.yaml"), TestKeypair.Yaml("kubernetes-ca", old, old, fresh));
        cluster.Script("stat -c %a \"$5\" \"$7\" >> \"$TEST/modes\"; head -1 \"$7\" >> \"$TEST/modes\"; cp \"$TEST/staged.yaml\" \"$STORE/pki/private/kubernetes-ca/keyset.yaml\"");

        StagedKeypair staged = await TestCluster.RunAsync(() => cluster.Get<KeysetActivities>().StageKeypairAsync(new() { Cluster = TestCluster.Ref, Keyset = "kubernetes-ca", KnownIds = [old.Id], Policy = new() { Algorithm = KeyAlgorithm.EcdsaP256 } }));

        staged.KeypairId.ShouldBe(fresh.Id);
        File.ReadAllLines(Path.Combine(cluster.Folder, "modes")).ShouldBe(["600", "600", "-----BEGIN EC PRIVATE KEY-----"]);
        File.Exists(cluster.Calls().Single().Split(' ')[6]).ShouldBeFalse();
    }
}
