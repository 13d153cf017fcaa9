using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>How kops 1.26 helps: which page a command line brings.</summary>
public sealed class HelpTests(NewCluster cluster) : IClassFixture<NewCluster>
{
    [Theory]
    [InlineData("--help get", "kops [command]")]
    [InlineData("get --help keypairs", "kops get [flags]")]
    [InlineData("export -h kubecfg", "kops export [command]")]
    [InlineData("get keypairs --help kubernetes-ca", "kops get keypairs [KEYSET]... [flags]")]
    [InlineData("help", "kops [command]")]
    [InlineData("help get nosuch", "kops get [flags]")]
    [InlineData("help promote keypair --name x", "kops promote keypair {KEYSET [ID] | all} [flags]")]
    public async Task Help_asked_for_among_the_words_takes_the_one_after_it(string command, string usage)
    {
        Emulated help = await cluster.Store.RunAsync(command);

        (help.ExitCode, help.Errors).ShouldBe((0, ""));
        help.Output.ShouldContain($"\nUsage:\n  {usage}\n");
    }

    [Fact]
    public async Task Help_before_a_command_of_two_words_leaves_the_second_which_is_none() =>
        (await cluster.Store.RunAsync("--help get keypairs")).ShouldBe(new Emulated(1, "", "Error: unknown command \"keypairs\" for \"kops\"\nRun 'kops --help' for usage.\n"));

    [Fact]
    public async Task Help_for_a_word_that_is_no_command_shows_the_usage_and_succeeds()
    {
        Emulated help = await cluster.Store.RunAsync("help nosuch thing");

        (help.ExitCode, help.Output).ShouldBe((0, ""));
        help.Errors.ShouldStartWith("Unknown help topic [`nosuch` `thing`]\nUsage:\n  kops [command]\n");
        help.Errors.ShouldContain("\nFlags:\n      --config string   yaml config file (default is $HOME/.kops.yaml)\n      --name string ");
    }

    [Theory]
    [InlineData("hel", "\n\nDid you mean this?\n\tget\n")]
    [InlineData("helpe", "")]
    [InlineData("c", "\n\nDid you mean this?\n\tcreate\n\tcompletion\n")]
    [InlineData("up", "\n\nDid you mean this?\n\tupdate\n\tupgrade\n")]
    [InlineData("RM", "\n\nDid you mean this?\n\tdelete\n")]
    [InlineData("say\"it", "")]
    public async Task A_suggestion_is_a_command_that_does_something(string word, string suggestions) =>
        (await cluster.Store.RunAsync(word)).Errors.ShouldBe($"Error: unknown command \"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\" for \"kops\"{suggestions}\nRun 'kops --help' for usage.\n");

    [Fact]
    public async Task The_help_commands_own_flags_are_read() =>
        (await cluster.Store.RunAsync("help get --output json")).Errors.ShouldStartWith("Error: unknown flag: --output\nUsage:\n  kops help [command] [flags]\n");
}
