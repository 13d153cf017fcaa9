using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>What commands that only read, and those on secrets, say: words and forms read in the sources of kops 1.26 where no recording shows them.</summary>
public sealed class ReadingCommandsTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private const string Missing = "Cluster.kops.k8s.io \"gone.example.com\" not found";
    private readonly EmulatedStore _store = cluster.Store.Copy();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("get keypairs", Missing)]
    [InlineData("get secrets", $"error reading cluster configuration: {Missing}")]
    [InlineData("get instancegroups", $"error fetching cluster \"gone.example.com\": {Missing}")]
    [InlineData("get instances", Missing)]
    [InlineData("get all", Missing)]
    [InlineData("get clusters", "cluster not found \"gone.example.com\"")]
    [InlineData("create keypair kubernetes-ca", $"error getting cluster: \"gone.example.com\": error reading cluster configuration: {Missing}")]
    [InlineData("promote keypair kubernetes-ca", $"getting cluster: \"gone.example.com\": error reading cluster configuration: {Missing}")]
    [InlineData("distrust keypair kubernetes-ca", $"error reading cluster configuration: {Missing}")]
    [InlineData("trust keypair kubernetes-ca 1", $"error reading cluster configuration: {Missing}")]
    [InlineData("create secret dockerconfig -f nosuch", $"error reading cluster configuration: {Missing}")]
    [InlineData("delete secret dockerconfig", $"error reading cluster configuration: {Missing}")]
    [InlineData("export kubecfg", $"error reading cluster configuration: {Missing}")]
    [InlineData("update cluster", $"error reading cluster configuration: {Missing}")]
    [InlineData("validate cluster", $"validation failed: error reading cluster configuration: {Missing}")]
    public async Task A_cluster_that_is_not_there_is_told_in_the_words_of_each_command(string command, string error) =>
        (await _store.RunAsync($"{command} --name gone.example.com")).ShouldBe(new Emulated(1, "", $"Error: {error}\n"));

    [Theory]
    [InlineData("get keypairs -o xml", "unknown output format: \"xml\"")]
    [InlineData("get clusters -o wide", "unknown output format: \"wide\"")]
    [InlineData("get ig -o name", "unknown output format: \"name\"")]
    [InlineData("get ig nosuch", "instancegroup not found \"nosuch\"")]
    [InlineData("get secrets -o json", "no secrets found")]
    [InlineData("get secrets --type keypair", "use 'kops get keypairs' instead")]
    [InlineData("get secrets --type nosuch", "unknown secret type \"nosuch\"")]
    public async Task What_cannot_be_shown_is_told(string command, string error) => (await _store.RunAsync(command)).ShouldBe(new Emulated(1, "", $"Error: {error}\n"));

    [Fact]
    public async Task One_object_asked_for_by_name_is_no_list()
    {
        foreach (string command in (string[])["get cluster own.example.com -o json", "get ig nodes-1 -o json"])
        {
            Emulated answer = await _store.RunAsync(command, ("KOPS_CLUSTER_NAME", command.Contains("ig", StringComparison.Ordinal) ? EmulatedStore.Cluster : ""));
            JsonNode.Parse(answer.Output).ShouldBeOfType<JsonObject>();
            answer.Output.ShouldEndWith("}\n");
        }

        JsonNode.Parse((await _store.RunAsync("get clusters -o json", ("KOPS_CLUSTER_NAME", ""))).Output).ShouldBeOfType<JsonArray>();
        (await _store.RunAsync("get ig nodes-1 control-plane-us-east-1a -o yaml")).Output.ShouldMatch("(?s)name: nodes-1.*\n---\n\n.*name: control-plane-us-east-1a");
    }

    [Fact]
    public async Task A_cluster_is_shown_with_all_its_groups()
    {
        string clusters = (await _store.RunAsync("get clusters")).Output, groups = (await _store.RunAsync("get ig")).Output;

        (await _store.RunAsync("get all")).ShouldBe(new Emulated(0, $"Cluster\n{clusters}\nInstance Groups\n{groups}", ""));
        (await _store.RunAsync("get all -o yaml")).Output.ShouldBe((await _store.RunAsync("get clusters -o yaml")).Output + "\n---\n\n" + (await _store.RunAsync("get ig -o yaml")).Output);
        (await _store.RunAsync("get all -o json")).Output.ShouldBe("[" + (await _store.RunAsync("get clusters -o json")).Output + "," + (await _store.RunAsync("get ig -o json")).Output[1..]);
        (await _store.RunAsync("get all -o name")).Errors.ShouldBe("Error: unknown output format: \"name\"\n");
    }

    [Fact]
    public async Task The_older_form_without_all_is_warned_of_and_takes_a_wrong_word_for_a_cluster()
    {
        Emulated older = await _store.RunAsync("get own.example.com", ("KOPS_CLUSTER_NAME", ""));

        older.Output.ShouldBe((await _store.RunAsync("get all")).Output);
        older.Errors.ShouldMatch(@"^W[^\n]* get\.go:78\] `kops get \[CLUSTER\]` is deprecated: use `kops get all \[CLUSTER\]`\n$");
        (await _store.RunAsync("get nosuch", ("KOPS_CLUSTER_NAME", ""))).Errors.ShouldEndWith("\nError: Cluster.kops.k8s.io \"nosuch\" not found\n");
    }

    [Fact]
    public async Task A_cluster_without_groups_says_so_and_has_an_empty_table()
    {
        Directory.Delete(Path.Combine(_store.Folder, EmulatedStore.Cluster, "instancegroup"), recursive: true);

        Emulated all = await _store.RunAsync("get all");

        all.Errors.ShouldBe("No instance groups found\n");
        all.Output.ShouldEndWith("\nInstance Groups\nNAME\tROLE\tMACHINETYPE\tMIN\tMAX\tZONES\n");
        (await _store.RunAsync("get ig")).Errors.ShouldBe("Error: no InstanceGroup objects found\n");
    }

    [Fact]
    public async Task A_cluster_is_shown_with_the_defaults_of_kops_and_its_fields_in_their_order()
    {
        File.WriteAllText(Path.Combine(_store.Folder, EmulatedStore.Cluster, "config"), "kind: Cluster\napiVersion: kops.k8s.io/v1alpha2\nspec:\n  networkCIDR: 10.0.0.0/8\n  cloudLabels: {b: x, a: y}\n  topology: {masters: private}\n  cloudProvider: aws\n  channel: stable\n  kubelet: {anonymousAuth: false}\n  additionalSans: [x]\nmetadata:\n  name: own.example.com\n");

        (await _store.RunAsync("get cluster -o json")).Output.ShouldBe("{\"kind\":\"Cluster\",\"apiVersion\":\"kops.k8s.io/v1alpha2\",\"metadata\":{\"name\":\"own.example.com\",\"creationTimestamp\":null},\"spec\":{\"channel\":\"stable\",\"cloudProvider\":\"aws\",\"networkCIDR\":\"10.0.0.0/8\",\"topology\":{\"masters\":\"private\",\"nodes\":\"public\",\"dns\":{\"type\":\"Public\"}},\"additionalSans\":[\"x\"],\"kubelet\":{\"anonymousAuth\":false},\"api\":{\"loadBalancer\":{\"class\":\"Classic\",\"type\":\"Public\"}},\"authorization\":{\"alwaysAllow\":{}},\"cloudLabels\":{\"a\":\"y\",\"b\":\"x\"}}}\n");
    }

    [Fact]
    public async Task Zones_of_an_instance_group_are_those_of_its_subnets()
    {
        string group = Path.Combine(_store.Folder, EmulatedStore.Cluster, "instancegroup", "nodes-1");
        File.WriteAllText(group, File.ReadAllText(group).Replace("  - us-east-1a", "  - nosuch", StringComparison.Ordinal));

        Emulated answer = await _store.RunAsync("get ig");

        answer.Output.ShouldContain("us-east-1a\n");
        answer.Errors.ShouldContain("] error fetching zones for instancegroup: cannot find subnet \"nosuch\" (declared in instance group \"nodes-1\", not found in cluster)\n");
    }

    [Fact]
    public async Task Secrets_are_made_replaced_shown_and_deleted_in_kops_words()
    {
        File.WriteAllText(_store.File("s"), "keys: 3 rfc4106(gcm(aes)) 00 128\n");
        await _store.RunAsync($"create secret ciliumpassword -f {_store.File("s")}");

        (await _store.RunAsync($"create secret ciliumpassword -f {_store.File("s")}")).Errors.ShouldBe("Error: failed to create the Cilium IPSec secret as it already exists. Pass the `--force` flag to replace an existing secret\n");
        (await _store.RunAsync("get secrets -o plaintext")).Output.ShouldBe("keys: 3 rfc4106(gcm(aes)) 00 128\n\n");
        (await _store.RunAsync("get secrets -o yaml")).Errors.ShouldBe("Error: yaml output format is not (currently) supported for secrets\n");
        (await _store.RunAsync("get secrets nosuch")).Errors.ShouldBe("Error: no secrets found\n");
        (await _store.RunAsync("delete secret ciliumpassword")).ShouldBe(new Emulated(0, "", ""));
        (await _store.RunAsync("delete secret ciliumpassword")).Errors.ShouldBe($"Error: deleting secret \"ciliumpassword\": remove {_store.Folder}/{EmulatedStore.Cluster}/secrets/ciliumpassword: no such file or directory\n");
    }

    [Fact]
    public async Task A_folder_without_keysets_cannot_be_listed()
    {
        Directory.Delete(Path.Combine(_store.Folder, EmulatedStore.Cluster, "pki"), recursive: true);

        (await _store.RunAsync("get keypairs")).Errors.ShouldBe($"Error: error listing Keysets: error reading directory \"{_store.Folder}/{EmulatedStore.Cluster}/pki/private\": open {_store.Folder}/{EmulatedStore.Cluster}/pki/private: no such file or directory\n");
    }

    [Fact]
    public async Task The_version_is_told_short_and_of_the_last_update()
    {
        (await _store.RunAsync("version --short")).Output.ShouldBe("1.26.6\n");
        await _store.RunAsync("update cluster --yes --create-kube-config=false", ("KOPS_LAB_VERSION", "1.27.1"));
        (await _store.RunAsync("version --server")).Output.ShouldBe("Client version: 1.26.6\nLast applied server version: 1.27.1\n");

        Emulated older = await _store.RunAsync("update cluster");
        older.Output.ShouldContain("The cluster was last updated by kops version 1.27.1\nTo permit updating by the older version 1.26.6, run with the --allow-kops-downgrade flag\n");
        older.Errors.ShouldBe("Error: kops version older than last used to update the cluster\n");
        (await _store.RunAsync("update cluster --allow-kops-downgrade")).ExitCode.ShouldBe(0);
    }
}
