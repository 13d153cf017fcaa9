using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>How kops 1.26 takes a command line apart, read in its sources where no recording shows it.</summary>
public sealed class CommandLineTests(NewCluster cluster) : IClassFixture<NewCluster>
{
    [Theory]
    [InlineData("get keypairs --nosuch", "unknown flag: --nosuch", "get keypairs")]
    [InlineData("get keypairs -x", "unknown shorthand flag: 'x' in -x", "get keypairs")]
    [InlineData("update cluster -yq", "unknown shorthand flag: 'q' in -q", "update cluster")]
    [InlineData("get keypairs --name", "flag needs an argument: --name", "get keypairs")]
    [InlineData("get keypairs -o", "flag needs an argument: 'o' in -o", "get keypairs")]
    [InlineData("get keypairs ---x", "bad flag syntax: ---x", "get keypairs")]
    [InlineData("get keypairs --distrusted=maybe", "invalid argument \"maybe\" for \"--distrusted\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax", "get keypairs")]
    [InlineData("export kubecfg --admin=tomorrow", "invalid argument \"tomorrow\" for \"--admin\" flag: time: invalid duration \"tomorrow\"", "export kubeconfig")]
    [InlineData("export kubecfg --admin=18", "invalid argument \"18\" for \"--admin\" flag: time: missing unit in duration \"18\"", "export kubeconfig")]
    [InlineData("export kubecfg --admin=1d", "invalid argument \"1d\" for \"--admin\" flag: time: unknown unit \"d\" in duration \"1d\"", "export kubeconfig")]
    [InlineData("validate cluster --count=x", "invalid argument \"x\" for \"--count\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "validate cluster")]
    [InlineData("get keypairs -v high", "invalid argument \"high\" for \"-v, --v\" flag: strconv.ParseInt: parsing \"high\": invalid syntax", "get keypairs")]
    [InlineData("get --distrusted keypairs", "unknown flag: --distrusted", "get")]
    [InlineData("create nosuch", "unknown command \"nosuch\" for \"kops create\"", "create")]
    [InlineData("create keypair a b", "can only add to one keyset at a time", "create keypair")]
    [InlineData("create keypair all --key x", "cannot specify --key with \"all\"", "create keypair")]
    [InlineData("promote keypair all 1", "cannot specify ID with \"all\"", "promote keypair")]
    [InlineData("promote keypair all 1 2", "can only promote to one keyset at a time", "promote keypair")]
    [InlineData("distrust keypair all 1", "cannot specify ID with \"all\"", "distrust keypair")]
    [InlineData("delete secret", "secret name is required", "delete secret")]
    [InlineData("delete secret keypair kubernetes-ca", "too many arguments", "delete secret")]
    [InlineData("export kubecfg --all own.example.com", "cannot use both --all flag and positional arguments", "export kubeconfig")]
    [InlineData("get clusters other.example.com", "cannot mix --name for cluster with positional arguments", "get clusters")]
    public async Task A_wrong_use_is_told_with_the_usage_of_its_command(string command, string error, string usage)
    {
        Emulated refused = await cluster.Store.RunAsync(command);

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldStartWith($"Error: {error}\nUsage:\n  kops {usage} ");
        refused.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("create secret dockerconfig", "required flag(s) \"filename\" not set")]
    [InlineData("create", "required flag(s) \"filename\" not set")]
    public async Task A_missing_required_flag_is_told_without_usage(string command, string error) =>
        (await cluster.Store.RunAsync(command)).ShouldBe(new Emulated(1, "", $"Error: {error}\n"));

    [Theory]
    [InlineData("--name own.example.com get keypairs kubernetes-ca")]
    [InlineData("get -o table keypairs kubernetes-ca")]
    [InlineData("get keypair kubernetes-ca --name=own.example.com")]
    [InlineData("get keypairs -otable kubernetes-ca")]
    [InlineData("get keypairs -o=table kubernetes-ca --logtostderr -v=2")]
    [InlineData("get keypairs -- kubernetes-ca")]
    public async Task Flags_may_stand_anywhere(string command)
    {
        Emulated answer = await cluster.Store.RunAsync(command);

        answer.ExitCode.ShouldBe(0, answer.Errors);
        answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("promte keypair", "promote")]
    [InlineData("list", "get")]
    [InlineData("rolling", "rolling-update")]
    public async Task A_mistyped_command_brings_a_suggestion(string command, string suggestion) =>
        (await cluster.Store.RunAsync(command)).Errors.ShouldBe($"Error: unknown command \"{command.Split(' ')[0]}\" for \"kops\"\n\nDid you mean this?\n\t{suggestion}\n\nRun 'kops --help' for usage.\n");

    [Fact]
    public async Task A_word_before_the_flag_of_a_switch_is_an_argument_and_too_many_are_shown()
    {
        Emulated refused = await cluster.Store.RunAsync("export kubecfg --admin 1h --name own.example.com");

        refused.Output.ShouldBe("\nFound multiple arguments which look like a cluster name\n\t\"own.example.com\" (via flag)\n\t\"1h\" (as argument)\n\nThis often happens if you specify an argument to a boolean flag without using =\nFor example: use `--bastion=true` or `--bastion`, not `--bastion true`\n\n");
        refused.Errors.ShouldStartWith("Error: cannot specify cluster via --name and positional argument\nUsage:\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("promote")]
    [InlineData("promote nosuch")]
    [InlineData("help get keypairs")]
    [InlineData("get keypairs -h")]
    public async Task A_command_that_only_has_others_below_it_prints_its_help_and_succeeds(string command)
    {
        Emulated help = await cluster.Store.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        help.ExitCode.ShouldBe(0);
        help.Errors.ShouldBeEmpty();
        help.Output.ShouldContain("Usage:\n  kops ");
        help.Output.ShouldContain("Overrides KOPS_CLUSTER_NAME environment variable (default \"own.example.com\")\n");
    }

    [Theory]
    [InlineData("edit cluster")]
    [InlineData("get assets")]
    [InlineData("toolbox dump")]
    [InlineData("create secret sshpublickey admin")]
    [InlineData("helpers kubectl-auth")]
    [InlineData("get clusters --full")]
    [InlineData("update cluster --target terraform")]
    [InlineData("get clusters --state gs://bucket")]
    public async Task What_kops_has_and_the_emulator_has_not_is_refused_by_name(string command)
    {
        Emulated refused = await cluster.Store.RunAsync(command.Contains("full", StringComparison.Ordinal) ? command : $"{command} --name {EmulatedStore.Cluster}");

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldContain("Error: the lab's kops ");
    }

    [Fact]
    public async Task The_cluster_may_come_from_the_context_of_the_kubeconfig()
    {
        using EmulatedStore store = cluster.Store.Copy();
        File.WriteAllText(store.File("kubeconfig"), "current-context: mine\ncontexts:\n- name: mine\n  context: {cluster: own.example.com}\n");

        Emulated answer = await store.RunAsync("get secrets", ("KOPS_CLUSTER_NAME", ""), ("KUBECONFIG", store.File("kubeconfig")));

        answer.ShouldBe(new Emulated(1, "", "Using cluster from kubectl context: own.example.com\n\nError: no secrets found\n"));
        (await store.RunAsync("trust keypair kubernetes-ca 1", ("KOPS_CLUSTER_NAME", ""), ("KUBECONFIG", store.File("kubeconfig")))).Errors.ShouldBe("Using cluster from kubectl context: own.example.com\n\nError: keypair not found\n");
    }

    [Fact]
    public async Task An_empty_argument_stands_for_none()
    {
        using EmulatedStore store = cluster.Store.Copy();

        (await store.RunAsync(["promote", "keypair", "kubernetes-ca", ""])).Output.ShouldStartWith("No kubernetes-ca keypair newer than current primary ");
        (await store.RunAsync(["export", "kubecfg", ""], ("KOPS_CLUSTER_NAME", ""))).Errors.ShouldContain("Error: --name is required\nUsage:\n");
        (await store.RunAsync(["get", "clusters", ""], ("KOPS_CLUSTER_NAME", ""))).Errors.ShouldBe("Error: clusterName is required\n");
    }

    [Fact]
    public async Task A_kubeconfig_that_KUBECONFIG_names_and_is_not_there_is_warned_of()
    {
        Emulated refused = await cluster.Store.RunAsync("get keypairs", ("KOPS_CLUSTER_NAME", ""), ("KUBECONFIG", cluster.Store.File("gone")));

        refused.Errors.ShouldMatch($@"^W[^\n]* loader\.go:222\] Config not found: {cluster.Store.File("gone")}\nW[^\n]* root\.go:309\] no context set in kubecfg\nError: --name is required\nUsage:\n");
    }

    [Theory]
    [InlineData("current-context: gone\n", "context \"gone\" in kubecfg not found")]
    [InlineData("current-context: mine\ncontexts:\n- name: mine\n  context: {user: me}\n", "context \"mine\" in kubecfg did not have a cluster")]
    [InlineData("", "no context set in kubecfg")]
    public async Task Without_a_name_the_warning_says_why_the_kubeconfig_has_none(string kubeconfig, string warning)
    {
        using EmulatedStore store = cluster.Store.Copy();
        File.WriteAllText(store.File("kubeconfig"), kubeconfig);

        Emulated refused = await store.RunAsync("get keypairs", ("KOPS_CLUSTER_NAME", ""), ("KUBECONFIG", store.File("kubeconfig")));

        refused.Errors.ShouldMatch($@"^W[^\n]* root\.go:\d+\] {System.Text.RegularExpressions.Regex.Escape(warning)}\nError: --name is required\nUsage:\n");
    }

    [Fact]
    public async Task Without_a_state_store_kops_says_what_to_set() =>
        (await cluster.Store.RunAsync("get clusters", ("KOPS_STATE_STORE", ""))).Errors.ShouldBe("Error: State Store: Required value: Please set the --state flag or export KOPS_STATE_STORE.\nFor example, a valid value follows the format s3://<bucket>.\nYou can find the supported stores in https://kops.sigs.k8s.io/state.\n");

    [Theory]
    [InlineData("home/.kops.yaml", "")]
    [InlineData("home/.kops/config", "")]
    [InlineData("own.yaml", " --config FILE")]
    public async Task The_state_store_may_come_from_a_file_of_settings(string path, string flag)
    {
        using EmulatedStore store = cluster.Store.Copy();
        string file = store.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"kops_state_store: file://{store.Folder}/\n");

        (await store.RunAsync($"get secrets{flag.Replace("FILE", file, StringComparison.Ordinal)}", ("KOPS_STATE_STORE", ""))).Errors.ShouldBe("Error: no secrets found\n");
    }

    [Fact]
    public async Task A_file_of_settings_that_is_not_there_is_warned_of() =>
        (await cluster.Store.RunAsync("get secrets --config /gone.yaml")).Errors.ShouldMatch(@"^W[^\n]* root\.go:\d+\] error reading config: open /gone\.yaml: no such file or directory\nError: no secrets found\n$");

    [Fact]
    public async Task A_state_store_in_a_folder_is_warned_of_once()
    {
        using var errors = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);

        await Rotation.Lab.Kops.KopsEmulator.RunAsync(["get", "ig", "--name", EmulatedStore.Cluster, "--state", $"file://{cluster.Store.Folder}/"], TextWriter.Null, errors, new Dictionary<string, string>(), CancellationToken.None);

        errors.ToString().ShouldMatch(@"^W\d{4} [\d:.]+ +\d+ factory\.go:134\] The local filesystem state store is not functional for running clusters\n$");
    }
}
