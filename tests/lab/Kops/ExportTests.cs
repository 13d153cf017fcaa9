using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary><c>export kubecfg</c> into a kubeconfig that holds other things already.</summary>
public sealed class ExportTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private const string Foreign = "apiVersion: v1\nkind: Config\nclusters:\n- name: zebra\n  cluster: {server: https://zebra, proxy-url: http://proxy}\ncontexts:\n- name: zebra\n  context: {cluster: zebra, user: person, namespace: team}\ncurrent-context: zebra\nusers:\n- name: person\n  user: {token: secret}\n- name: own.example.com\n  user: {token: kept}\n";
    private readonly EmulatedStore _store = cluster.Store.Copy();

    private string File => _store.File("kubeconfig");

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_others_put_there_stays_and_lists_are_sorted_by_name()
    {
        System.IO.File.WriteAllText(File, Foreign);

        (await ExportAsync("--admin=1h")).ShouldBe(new Emulated(0, "kOps has set your kubectl context to own.example.com\n", ""));

        string text = Read();
        text.ShouldContain("current-context: own.example.com\n");
        text.ShouldMatch("(?s)clusters:\n- cluster:\n    certificate-authority-data: .*server: https://api.own.example.com\n.*name: own.example.com\n- cluster:\n    proxy-url: http://proxy\n    server: https://zebra\n  name: zebra\n");
        text.ShouldContain("    namespace: team\n    user: person\n");
        text.ShouldMatch("(?s)users:\n- name: own.example.com\n  user:\n    client-certificate-data: \\S+\n    client-key-data: \\S+\n    token: kept\n- name: person\n");
    }

    [Fact]
    public async Task Without_a_credential_the_users_and_the_contexts_user_stay()
    {
        await ExportAsync("--admin");
        string users = Read()[Read().IndexOf("users:", StringComparison.Ordinal)..];

        await ExportAsync("--internal");

        Read().ShouldContain("server: https://api.internal.own.example.com\n");
        Read().ShouldContain("    user: own.example.com\n");
        Read().ShouldEndWith(users);
    }

    [Fact]
    public async Task A_named_user_must_be_there_and_becomes_the_contexts()
    {
        (await ExportAsync("--user person")).Errors.ShouldBe("Error: could not find user \"person\"\n");

        System.IO.File.WriteAllText(File, Foreign);
        (await ExportAsync("--user person")).ExitCode.ShouldBe(0);
        Read().ShouldContain("    cluster: own.example.com\n    user: person\n");
        Read().ShouldContain("users:\n- name: own.example.com\n  user:\n    token: kept\n- name: person\n");
    }

    [Fact]
    public async Task The_auth_plugin_takes_the_place_of_a_credential()
    {
        await ExportAsync("--admin");

        await ExportAsync("--auth-plugin");

        Read().ShouldContain("      command: kops\n");
        Read().ShouldNotContain("client-key-data");
    }

    [Fact]
    public async Task A_user_of_the_clusters_own_name_gets_the_auth_plugin()
    {
        (await ExportAsync($"--auth-plugin --user {EmulatedStore.Cluster}")).ExitCode.ShouldBe(0);

        Read().ShouldContain("    user: own.example.com\n");
        Read().ShouldContain("      command: kops\n");
    }

    [Theory]
    [InlineData("", 3, 0)]
    [InlineData("--user person", 1, 1)]
    public async Task A_kubeconfig_that_is_not_there_is_warned_of_at_each_reading_where_KUBECONFIG_is_set(string flags, int times, int exitCode)
    {
        Emulated done = await _store.RunAsync($"export kubecfg {flags} --kubeconfig {File}".Replace("  ", " ", StringComparison.Ordinal), ("KUBECONFIG", _store.File("other")));

        done.ExitCode.ShouldBe(exitCode);
        done.Errors.Split($"] Config not found: {File}\n").Length.ShouldBe(times + 1);
        (await ExportAsync("--internal")).Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not a kubeconfig", "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }")]
    [InlineData("- a\n", "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }")]
    [InlineData("\nkind: Config\n  bad: y\n", "yaml: line 3: mapping values are not allowed in this context")]
    [InlineData("kind: Config\nbad\n", "yaml: line 3: could not find expected ':'")]
    public async Task A_kubeconfig_that_is_none_is_left_alone(string content, string problem)
    {
        System.IO.File.WriteAllText(File, content);

        (await ExportAsync("--internal")).ShouldBe(new Emulated(1, "", $"Error: error reading kubeconfig: error loading config file \"{File}\": {problem}\n"));

        Read().ShouldBe(content);
        (await _store.RunAsync("get keypairs", ("KOPS_CLUSTER_NAME", ""), ("KUBECONFIG", File))).Errors.ShouldContain($"] error reading kubecfg: error loading config file \"{File}\": {problem}\nError: --name is required\n");
    }

    [Fact]
    public async Task A_kubeconfig_of_nothing_but_comments_is_an_empty_one()
    {
        System.IO.File.WriteAllText(File, "# mine\n");

        (await ExportAsync("--internal")).ExitCode.ShouldBe(0);

        Read().ShouldStartWith("apiVersion: v1\nclusters:\n");
    }

    [Fact]
    public async Task Clusters_of_a_folder_come_by_name_also_where_one_begins_as_another()
    {
        foreach (string name in (string[])["own.example.com.au", "own.example.com-2"])
        {
            Directory.CreateDirectory(Path.Combine(_store.Folder, name));
            System.IO.File.WriteAllText(Path.Combine(_store.Folder, name, "config"), $"kind: Cluster\napiVersion: kops.k8s.io/v1alpha2\nmetadata: {{name: {name}}}\nspec: {{cloudProvider: aws}}\n");
        }

        (await _store.RunAsync("get clusters -o json", ("KOPS_CLUSTER_NAME", ""))).Output.Split("\"name\":\"own.example.com").Skip(1).Select(p => p[..p.IndexOf('"', StringComparison.Ordinal)]).Where(p => !p.StartsWith('/')).ShouldBe(["", "-2", ".au"]);
        (await _store.RunAsync("get clusters own.example.com.au own.example.com", ("KOPS_CLUSTER_NAME", ""))).Output.ShouldStartWith("NAME");
        (await _store.RunAsync("get clusters own.example.com nosuch", ("KOPS_CLUSTER_NAME", ""))).Errors.ShouldBe("Error: cluster not found \"nosuch\"\n");
        (await _store.RunAsync("get clusters a b", ("KOPS_CLUSTER_NAME", ""), ("KOPS_STATE_STORE", $"file://{_store.File("gone")}"))).Errors.ShouldBe($"Error: error reading state store: open {_store.File("gone")}: no such file or directory\n");
    }

    [Fact]
    public async Task All_clusters_of_the_store_are_exported_and_the_last_is_the_current_one()
    {
        string second = Path.Combine(_store.Folder, "second.example.com");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_store.Folder, EmulatedStore.Cluster), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(second, Path.GetRelativePath(Path.Combine(_store.Folder, EmulatedStore.Cluster), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.WriteAllText(copy, System.IO.File.ReadAllText(file).Replace(EmulatedStore.Cluster, "second.example.com", StringComparison.Ordinal));
        }

        (await _store.RunAsync($"export kubecfg --all --kubeconfig {File}", ("KOPS_CLUSTER_NAME", ""))).Output.ShouldBe("kOps has set your kubectl context to own.example.com\nkOps has set your kubectl context to second.example.com\n");
        Read().ShouldContain("server: https://api.second.example.com\n");
    }

    private Task<Emulated> ExportAsync(string flags) => _store.RunAsync($"export kubecfg {flags} --kubeconfig {File}");

    private string Read() => System.IO.File.ReadAllText(File);
}
