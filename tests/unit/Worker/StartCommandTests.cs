using Rotation.Worker.Commands;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Worker;

/// <summary><c>start secret</c> and <c>start legacy</c>: help with examples, and wrong inputs named before any server is asked.</summary>
public sealed class StartCommandTests
{
    [Theory]
    [InlineData("start secret --cluster c.example.com", "secret: is required")]
    [InlineData("start secret --secret dockerConfig", "cluster: is required")]
    [InlineData("start secret --cluster c.example.com --secret password", "secret: \"password\" is not one of encryptionConfig, ciliumPassword, dockerConfig, weavePassword")]
    [InlineData("start secret --cluster c.example.com --secret dockerConfig --settle soon", "--settle is 'soon'")]
    [InlineData("start secret --cluster c.example.com --secret dockerConfig --keysets all", "--keysets")]
    [InlineData("start secret --cluster c.example.com --secret dockerConfig --quorum 0", "approvals.quorum: 0 is not between")]
    [InlineData("start secret --cluster c.example.com --secret dockerConfig --wait --no-wait", "exclude each other")]
    [InlineData("start secret --input {\"cluster\":\"c.example.com\",\"secrets\":\"dockerConfig\"}", "secrets: unknown field; known are cluster")]
    [InlineData("start legacy --cluster c.example.com", "acknowledgeDisruption: is required")]
    [InlineData("start legacy --cluster c.example.com --acknowledge-disruption d.example.com", "acknowledgeDisruption: 'd.example.com' is not the cluster")]
    [InlineData("start legacy --cluster c.example.com --acknowledge-disruption c.example.com --allow-newer-kops --auto-approve", "allowNewerKops: needs two people")]
    [InlineData("start legacy --cluster c.example.com --acknowledge-disruption c.example.com --admin-ttl 1m", "adminTtl: 1m is too short")]
    [InlineData("start legacy --cluster c.example.com --acknowledge-disruption c.example.com --sinks a/b", "sinks: 'a/b' is not a name")]
    [InlineData("start keypairs --cluster c.example.com --admin-ttl 1m", "adminTtl: 1m is too short")]
    public async Task A_wrong_command_line_is_exit_code_2_and_says_what_is_wrong(string commandLine, string message)
    {
        (int exitCode, string output, string errors) = await RunAsync(commandLine);

        exitCode.ShouldBe(2, errors);
        errors.ShouldContain(message);
        errors.ShouldNotContain("   at ");
        output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("start secret --cluster c.example.com --secret dockerConfig")]
    [InlineData("start legacy --cluster c.example.com --acknowledge-disruption c.example.com")]
    public async Task A_server_that_is_not_there_is_exit_code_5(string commandLine) => (await RunAsync($"{commandLine} --address 127.0.0.1:1")).ExitCode.ShouldBe(5);

    [Theory]
    [InlineData("keypairs", "--keysets")]
    [InlineData("secret", "--secret")]
    [InlineData("legacy", "--acknowledge-disruption")]
    public async Task Help_shows_options_and_examples(string command, string option)
    {
        (int exitCode, string output, _) = await RunAsync($"start {command} --help");

        exitCode.ShouldBe(0);
        output.ShouldContain(option);
        output.ShouldContain("--on-failure");
        output.ShouldContain($"rotation start {command} --cluster");
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string commandLine)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int exitCode = await CommandLine.RunAsync(commandLine.Split(' '), output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
