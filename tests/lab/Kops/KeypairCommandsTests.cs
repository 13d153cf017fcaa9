using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The six steps by hand on a state store of our own making: what each command writes, says and refuses.</summary>
public sealed class KeypairCommandsTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private readonly EmulatedStore _store = cluster.Store.Copy();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Stage_promote_and_distrust_leave_each_keyset_with_one_new_primary_and_the_old_one_distrusted()
    {
        (await _store.RunAsync("create keypair all")).ExitCode.ShouldBe(0);
        (await _store.RunAsync("promote keypair all")).Output.ShouldContain("Promoted kubernetes-ca ");
        (await _store.RunAsync("distrust keypair all")).Output.ShouldContain("Distrusted service-account ");

        foreach (string name in _store.Keysets)
        {
            (string primary, string[] trusted, string[] all) = _store.Keyset(name);
            all.Length.ShouldBe(2, name);
            trusted.ShouldBe([primary], name);
            primary.ShouldBe(all[1], name);
        }
    }

    [Fact]
    public async Task A_blind_retry_of_create_stages_twice()
    {
        await _store.RunAsync("create keypair kubernetes-ca");
        await _store.RunAsync("create keypair kubernetes-ca");

        _store.Keyset("kubernetes-ca").All.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Promote_without_an_id_after_a_rollback_promotes_the_new_one_again()
    {
        string old = _store.Keyset("kubernetes-ca").Primary;
        await _store.RunAsync("create keypair kubernetes-ca");
        await _store.RunAsync("promote keypair kubernetes-ca");
        string fresh = _store.Keyset("kubernetes-ca").Primary;
        await _store.RunAsync($"promote keypair kubernetes-ca {old}");
        _store.Keyset("kubernetes-ca").Primary.ShouldBe(old);

        await _store.RunAsync("promote keypair kubernetes-ca");

        _store.Keyset("kubernetes-ca").Primary.ShouldBe(fresh);
    }

    [Theory]
    [InlineData("create keypair nosuch", "Error: adding keypair to \"nosuch\" is not supported\n")]
    [InlineData("promote keypair nosuch", "Error: promoting keypairs for \"nosuch\" is not supported\n")]
    [InlineData("promote keypair kubernetes-ca 123", "Error: keypair not found\n")]
    [InlineData("distrust keypair nosuch", "Error: keyset not found\n")]
    [InlineData("distrust keypair kubernetes-ca PRIMARY", "Error: cannot distrust the primary keypair\n")]
    [InlineData("trust keypair kubernetes-ca 123", "Error: keypair not found\n")]
    [InlineData("get keypairs nosuch", "Error: no keypairs found\n")]
    public async Task A_refusal_is_one_line_and_exit_code_1_and_changes_nothing(string command, string error)
    {
        string before = _store.Text("kubernetes-ca");

        Emulated refused = await _store.RunAsync(command.Replace("PRIMARY", _store.Keyset("kubernetes-ca").Primary, StringComparison.Ordinal));

        refused.ShouldBe(new Emulated(1, "", error));
        _store.Text("kubernetes-ca").ShouldBe(before);
    }

    [Theory]
    [InlineData("get keypairs --nosuch", "unknown flag: --nosuch")]
    [InlineData("get keypairs -x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("get keypairs --name", "flag needs an argument: --name")]
    public async Task A_wrong_flag_is_told_with_the_usage(string command, string error)
    {
        Emulated refused = await _store.RunAsync(command);

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldStartWith($"Error: {error}\nUsage:\n");
    }

    [Fact]
    public async Task An_unknown_command_is_named() =>
        (await _store.RunAsync("frobnicate keypair")).Errors.ShouldStartWith("Error: unknown command \"frobnicate\" for \"kops\"\n");

    [Fact]
    public async Task Trust_keypair_all_crashes_as_kops_does()
    {
        Emulated crashed = await _store.RunAsync("trust keypair all 1");

        crashed.ExitCode.ShouldBe(2);
        crashed.Errors.ShouldStartWith("panic: ");
    }

    [Theory]
    [InlineData("before", 1)]
    [InlineData("after", 2)]
    public async Task An_ordered_failure_comes_before_or_after_the_effect_and_is_used_up(string when, int keypairs)
    {
        _store.Order($"{when} 1 create keypair kubernetes-ca | dial tcp: connection refused");

        Emulated first = await _store.RunAsync("create keypair kubernetes-ca");
        int left = _store.Keyset("kubernetes-ca").All.Length;
        Emulated second = await _store.RunAsync("create keypair kubernetes-ca");

        first.ExitCode.ShouldBe(1);
        first.Errors.ShouldContain("Error: dial tcp: connection refused\n");
        left.ShouldBe(keypairs);
        second.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_all_leaves_what_was_done()
    {
        _store.Order("between 1 create keypair all | dial tcp: connection refused");

        Emulated failed = await _store.RunAsync("create keypair all");

        failed.ExitCode.ShouldBe(1);
        failed.Errors.ShouldMatch("Error: creating keypair for [a-z-]+: dial tcp: connection refused");
        _store.Keysets.Count(k => _store.Keyset(k).All.Length == 2).ShouldBe(1);
    }

    [Fact]
    public async Task An_update_shows_what_it_would_change_and_then_that_there_is_nothing()
    {
        await _store.RunAsync("create keypair kubernetes-ca");
        Emulated preview = await _store.RunAsync("update cluster");
        Emulated update = await _store.RunAsync("update cluster --yes --create-kube-config=false");
        Emulated again = await _store.RunAsync("update cluster");

        preview.Output.ShouldContain("Will modify resources:\n  LaunchTemplate/control-plane-us-east-1a.");
        preview.Output.ShouldContain("Must specify --yes to apply changes");
        update.Output.ShouldContain("Cluster changes have been applied to the cloud.");
        again.Output.ShouldBe("No changes need to be applied\n");
    }

    [Fact]
    public async Task Every_help_page_is_printed_and_names_its_command()
    {
        foreach (string command in (string[])["create keypair", "get keypairs", "export kubecfg", "update cluster", "validate cluster", "get ig", "create secret dockerconfig"])
            (await _store.RunAsync($"{command} --help")).Output.ShouldContain($"kops {command.Split(' ')[0]}");
    }
}
