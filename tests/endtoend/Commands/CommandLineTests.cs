using System.Text.Json;
using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>What every command holds to, seen from outside the process.</summary>
public sealed class CommandLineTests : IAsyncDisposable
{
    private readonly ProcessPen _pen = new();

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Fact]
    public async Task Help_names_every_command_and_exit_code()
    {
        Finished help = await _pen.RunAsync("--help");

        help.ExitCode.ShouldBe(0);
        help.Errors.ShouldBeEmpty();
        foreach (string command in (string[])["server", "worker", "setup", "check", "start", "status", "plan", "list", "watch", "approve", "reject", "pause", "resume", "rollback", "extend"])
            help.Output.ShouldContain($"  {command} ");
        foreach (int code in (int[])[0, 1, 2, 3, 4, 5, 130])
            help.Output.ShouldContain($"\n  {code} ");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_exit_code_5_and_says_how_to_start_one()
    {
        Finished list = await _pen.RunAsync("list", "--address", "127.0.0.1:1");

        list.ExitCode.ShouldBe(5);
        list.Output.ShouldBeEmpty();
        list.Errors.ShouldContain("Cannot reach the Temporal server at 127.0.0.1:1");
        list.Errors.ShouldContain("rotation server");
        list.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_home_in_which_nothing_was_ever_kept_will_do()
    {
        string home = _pen.PathOf("home");
        (_pen.Environment["HOME"], _pen.Environment["XDG_DATA_HOME"]) = (home, null);

        Finished status = await _pen.RunAsync("lab", "status");

        status.ExitCode.ShouldBe(5);
        status.Errors.ShouldContain($" {home}/.local/share/rotation/lab.");
    }

    [Fact]
    public async Task With_json_a_failure_is_one_document_with_its_exit_code()
    {
        Finished list = await _pen.RunAsync("list", "--json", "--address", "127.0.0.1:1");

        JsonElement error = JsonDocument.Parse(list.Output).RootElement.GetProperty("error");
        error.GetProperty("exitCode").GetInt32().ShouldBe(5);
        error.GetProperty("message").GetString()!.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task Only_debug_shows_a_stack_trace()
    {
        Finished list = await _pen.RunAsync("list", "--debug", "--address", "127.0.0.1:1");

        list.ExitCode.ShouldBe(5);
        list.Errors.ShouldContain("   at ");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_server_ends_well_when_it_is_told_to(string signal)
    {
        if (signal == "INT")
            RotationProcess.SkipWhereInterruptsAreIgnored();
        RotationProcess server = _pen.Start("server", "server", "--port", "0", "--json");
        await server.SaysAsync("\"address\"");

        server.Signal(signal);

        (await server.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Setup_can_be_run_again()
    {
        string address = await ServerAsync("server", "start-dev");

        Finished first = await _pen.RunAsync("setup", "--json", "--address", address);
        Finished second = await _pen.RunAsync("setup", "--json", "--address", address);

        first.ExitCode.ShouldBe(0);
        JsonDocument.Parse(first.Output).RootElement.GetProperty("added").GetArrayLength().ShouldBe(4);
        second.ExitCode.ShouldBe(0);
        JsonDocument.Parse(second.Output).RootElement.GetProperty("added").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_address_comes_from_Temporals_own_variables()
    {
        _pen.Environment["TEMPORAL_ADDRESS"] = await ServerAsync("server");

        Finished list = await _pen.RunAsync("list", "--json");

        list.Output.Trim().ShouldBe("[]");
        list.ExitCode.ShouldBe(0);
    }

    private async Task<string> ServerAsync(params string[] command)
    {
        RotationProcess server = _pen.Start("server", [.. command, "--port", "0", "--json"]);
        await server.SaysAsync("}");
        return JsonDocument.Parse(server.Output).RootElement.GetProperty("address").GetString()!;
    }
}
