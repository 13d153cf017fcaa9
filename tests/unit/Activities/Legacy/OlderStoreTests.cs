using System.Text.Json;
using Rotation.Activities.Clusters;
using Rotation.Activities.Legacy;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>State stores and kops as they were before kops 1.22: other names, a file a certificate and a key, deleted keysets that leave their files, tables for JSON.</summary>
public sealed class OlderStoreTests : IDisposable
{
    private const string Emptied = "apiVersion: kops.k8s.io/v1alpha2\nkind: Keyset\nmetadata:\n  creationTimestamp: null\n  name: ca\nspec:\n  type: Keypair\n";
    private static readonly TestKeypair First = new("ca", 1_700_000_000_000_000_001, keyBits: 1024);
    private static readonly TestKeypair Second = new("ca", 1_700_000_000_000_000_002, keyBits: 1024);
    private readonly TestCluster _cluster = new();

    public OlderStoreTests()
    {
        string older = TestKeypair.Yaml("ca", Second, First, Second).Replace($"  primaryId: \"{Second.Id}\"\n", "", StringComparison.Ordinal);
        foreach (string kind in (string[])["private", "issued"])
            Write($"pki/{kind}/ca/keyset.yaml", older);
        foreach (TestKeypair keypair in (TestKeypair[])[First, Second])
            Write($"pki/issued/ca/{keypair.Id}.crt", "");
    }

    private string Store => Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name);

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task The_CA_is_known_by_its_later_name_and_one_without_keypairs_is_none()
    {
        ClusterActivities activities = _cluster.Get<ClusterActivities>();
        KeysetState ca = (await TestCluster.RunAsync(() => activities.ReadKeysetsAsync(TestCluster.Ref))).Keysets.Single(k => k.Name == "kubernetes-ca");
        ca.PrimaryId.ShouldBe(Second.Id);
        ca.Keypairs.Count.ShouldBe(2);

        Write("pki/private/ca/keyset.yaml", Emptied);

        (await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => activities.ReadKeysetsAsync(TestCluster.Ref)))).ErrorType.ShouldBe(RotationErrors.ClusterNotFound);
    }

    [Fact]
    public async Task Each_keypair_is_deleted_by_its_id()
    {
        // As kops: both files stay, without the keypair.
        _cluster.Script("rm -f \"$STORE/pki/issued/$4/$5.crt\"; [ -n \"$(ls \"$STORE/pki/issued/$4\" | grep crt)\" ] || for k in private issued; do cp \"$TEST/emptied\" \"$STORE/pki/$k/$4/keyset.yaml\"; done");
        await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "emptied"), Emptied, TestContext.Current.CancellationToken);

        (await DeleteAsync()).WasThere.ShouldBeTrue();
        (await DeleteAsync()).WasThere.ShouldBeFalse();

        _cluster.Calls().Select(c => string.Join(' ', c.Split(' ').Take(5))).ShouldBe([$"delete secret keypair ca {First.Id}", $"delete secret keypair ca {Second.Id}"]);
    }

    [Fact]
    public async Task A_keypair_of_which_only_the_private_key_is_left_holds_with_what_to_do()
    {
        // As a kops that died: it deletes the certificate first.
        foreach (TestKeypair keypair in (TestKeypair[])[First, Second])
            File.Delete(Path.Combine(Store, $"pki/issued/ca/{keypair.Id}.crt"));
        Write("pki/issued/ca/keyset.yaml", Emptied);

        var failure = await Should.ThrowAsync<ApplicationFailureException>(DeleteAsync);

        failure.ErrorType.ShouldBe(RotationErrors.DeleteRefused);
        failure.Message.ShouldContain("delete pki/private/ca and pki/issued/ca from the state store by hand, and resume");
        _cluster.Calls().ShouldBeEmpty();
    }

    [Fact]
    public void The_table_of_instances_is_read_by_its_columns_also_where_one_is_empty()
    {
        const string Table = "\nID\t\tNODE-NAME\tSTATUS\t\tROLES\tSTATE\tINTERNAL-IP\tINSTANCE-GROUP\tMACHINE-TYPE\ni-0123456789\t\t\tNeedsUpdate\tmaster\t\t10.0.0.1\tmaster-a\tt3.large\ni-1\t\tnode-1\t\tUpToDate\tnode\t\t10.0.0.2\tnodes\t\tt3.large\n";

        InstanceTable.Read(Table).Select(Text).ShouldBe(["i-0123456789||NeedsUpdate|master-a", "i-1|node-1|UpToDate|nodes"]);
        Should.Throw<ApplicationFailureException>(() => InstanceTable.Read("ID\tSTATUS\n")).Message.ShouldContain("NODE-NAME");
    }

    private static string Text(JsonElement i) => string.Join('|', ((string[])["id", "nodeName", "status", "instanceGroup"]).Select(f => i.GetProperty(f).GetString()));

    private Task<DeletedCredential> DeleteAsync() =>
        TestCluster.RunAsync(() => _cluster.Get<LegacyActivities>().DeleteCredentialAsync(new() { Cluster = TestCluster.Ref, Kind = CredentialKind.Keypair, Name = "ca" }));

    private void Write(string path, string content)
    {
        string file = Path.Combine(Store, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
