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
