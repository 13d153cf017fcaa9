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
    [InlineData("create keypair kubernetes-ca", "error storing user provided keys \"\" \"\": keyset's primary id \"PRIMARY\" must have a private key")]
    [InlineData("create keypair all", "creating keypair for kubernetes-ca: error storing user provided keys \"\" \"\": keyset's primary id \"PRIMARY\" must have a private key")]
    [InlineData("promote keypair kubernetes-ca", "writing keyset: keyset must have a primary key")]
    [InlineData("promote keypair kubernetes-ca PRIMARY", "keypair has no private key")]
    [InlineData("distrust keypair kubernetes-ca OTHER", "error storing keyset: keyset's primary id \"PRIMARY\" must have a private key")]
    [InlineData("trust keypair kubernetes-ca DISTRUSTED", "error storing keypair: keyset's primary id \"PRIMARY\" must have a private key")]
    public async Task A_keyset_without_private_keys_cannot_be_changed(string command, string error)
    {
        await _store.RunAsync("create keypair kubernetes-ca");
        await _store.RunAsync("create keypair kubernetes-ca");
        string[] ids = _store.Keyset("kubernetes-ca").All;
        await _store.RunAsync($"distrust keypair kubernetes-ca {ids[1]}");
        _store.Rewrite("kubernetes-ca", text => System.Text.RegularExpressions.Regex.Replace(text, "\n    privateMaterial: .*", ""));
        string Named(string text) => text.Replace("PRIMARY", ids[0], StringComparison.Ordinal).Replace("DISTRUSTED", ids[1], StringComparison.Ordinal).Replace("OTHER", ids[2], StringComparison.Ordinal);
        string before = _store.Text("kubernetes-ca");

        (await _store.RunAsync(Named(command))).Errors.ShouldEndWith($"Error: {Named(error)}\n");

        _store.Text("kubernetes-ca").ShouldBe(before);
        (await _store.RunAsync("get keypairs kubernetes-ca -o json")).Output.ShouldNotContain("hasPrivateKey");
    }

    [Fact]
    public async Task A_keyset_of_which_nothing_is_trusted_crashes_kops()
    {
        _store.Rewrite("kubernetes-ca", text => text.Replace("\n    id:", "\n    distrustTimestamp: \"2026-01-01T00:00:00Z\"\n    id:", StringComparison.Ordinal).Replace("  - id:", "  - distrustTimestamp: \"2026-01-01T00:00:00Z\"\n    id:", StringComparison.Ordinal));

        Emulated crashed = await _store.RunAsync("get keypairs service-account");

        (crashed.ExitCode, crashed.Output).ShouldBe((2, ""));
    }

    [Fact]
    public async Task What_was_done_before_an_unknown_id_stays_done()
    {
        await _store.RunAsync("create keypair kubernetes-ca");
        string fresh = _store.Keyset("kubernetes-ca").All[1];

        (await _store.RunAsync($"distrust keypair kubernetes-ca {fresh} 1 {fresh}")).ShouldBe(new Emulated(1, $"Distrusted kubernetes-ca {fresh}\n", "Error: keypair not found\n"));
        (await _store.RunAsync($"trust keypair kubernetes-ca {fresh} {fresh} {_store.Keyset("kubernetes-ca").Primary} 1")).ShouldBe(new Emulated(1, $"Trusted kubernetes-ca {fresh}\n", "Error: keypair not found\n"));

        _store.Keyset("kubernetes-ca").Trusted.Length.ShouldBe(2);
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
