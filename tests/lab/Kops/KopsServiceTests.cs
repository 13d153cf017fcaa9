using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotation.Lab.Kops;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The emulator as a service: who asks gets what a process would have written, and who hangs up gets nothing done.</summary>
public sealed class KopsServiceTests(NewCluster cluster) : IClassFixture<NewCluster>, IAsyncDisposable
{
    private readonly EmulatedStore _store = cluster.Store.Copy();
    private readonly KopsService _service = KopsService.Start();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _store.Dispose();
    }

    [Theory]
    [InlineData("get keypairs kubernetes-ca -o json")]
    [InlineData("get keypairs etcd-peers-ca-main")]
    [InlineData("get keypairs no-such-keyset")]
    [InlineData("promote keypair kubernetes-ca 1")]
    [InlineData("update cluster --nonsense")]
    public async Task It_answers_as_the_emulator_does(string command)
    {
        Emulated expected = await _store.RunAsync(command);

        Dictionary<char, string> answer = await AskAsync(_service.Token, Environment.CurrentDirectory, command.Split(' '));

        answer.GetValueOrDefault('o', "").ShouldBe(expected.Output);
        RecordedText.WithoutFolderWarning(answer.GetValueOrDefault('e', "")).ShouldBe(expected.Errors);
        answer['x'].ShouldBe($"{expected.ExitCode}");
    }

    [Fact]
    public async Task Without_its_token_it_does_nothing_and_says_nothing()
    {
        (await AskAsync("wrong", Environment.CurrentDirectory, "create", "keypair", "kubernetes-ca")).ShouldBeEmpty();
        _store.Keyset("kubernetes-ca").All.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/", "get", "keypairs")]
    [InlineData("", "create", "secret", "dockerconfig", "-f", "-")]
    [InlineData("", "create", "secret", "dockerconfig", "--filename=-")]
    public async Task What_depends_on_the_process_that_asks_is_left_to_one(string folder, params string[] arguments) =>
        (await AskAsync(_service.Token, folder.Length > 0 ? folder : Environment.CurrentDirectory, arguments)).ShouldBe(new Dictionary<char, string> { ['n'] = "" });

    [Fact]
    public async Task Who_hangs_up_before_the_effect_has_none()
    {
        _store.Order("slow 1 create keypair kubernetes-ca");
        using (TcpClient client = await SendAsync(_service.Token, Environment.CurrentDirectory, "create", "keypair", "kubernetes-ca"))
            await Eventually.HoldsAsync(() => File.ReadAllText(_store.File("faults")).ShouldBeEmpty());
        // It waits for what runs.
        await _service.DisposeAsync();
        _store.Keyset("kubernetes-ca").All.ShouldHaveSingleItem();
    }

    private async Task<TcpClient> SendAsync(string token, string folder, params string[] arguments)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _service.Port);
        string[] variables = [$"KOPS_STATE_STORE=file://{_store.Folder}", $"KOPS_CLUSTER_NAME={EmulatedStore.Cluster}", $"KOPS_LAB_FAULTS={_store.File("faults")}", $"KUBECONFIG={_store.File("none")}"];
        string[] request = [token, folder, $"{arguments.Length}", .. arguments, .. variables, ""];
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(request.Select(r => r + "\0"))));
        return client;
    }

    private async Task<Dictionary<char, string>> AskAsync(string token, string folder, params string[] arguments)
    {
        using TcpClient client = await SendAsync(token, folder, arguments);
        using var reader = new StreamReader(client.GetStream());
        string all = await reader.ReadToEndAsync();
        return all.Split('\0', StringSplitOptions.RemoveEmptyEntries).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => string.Concat(g.Select(p => p[1..])));
    }
}
