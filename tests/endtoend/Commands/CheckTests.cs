using System.Text.Json;
using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>The configuration is refused whole, each problem by its key and its form in the environment.</summary>
public sealed class CheckTests : IAsyncDisposable
{
    private readonly ProcessPen _pen = new();

    public static TheoryData<string, string> Wrong => new()
    {
        { "Rotation__Deadlines__Poll", "-1" },
        { "Rotation__Deadlines__KopsUpdate", "2.00:00:00" },
        { "Rotation__StateStore", "gs//bucket" },
        { "Rotation__Aws__EndpointUrl", "ftp://x" },
        { "Rotation__WorkDirectory", "relative" },
        { "Rotation__Kops__Path", " " },
        { "Rotation__Sinks__ops__Name", "no-type" },
        { "Rotation__DefaultSinks__0", "nowhere" },
        { "Rotation__Clusters__prod__ApiServerAddress", "no-port" },
        { "Rotation__Clusters__prod__KopsVersion", "9.9.9" },
        { "Rotation__SecretSources__dockerConfig", "relative.json" },
    };

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_setting_is_exit_code_2_and_named(string variable, string value)
    {
        _pen.Environment[variable] = value;

        Finished check = await _pen.RunAsync("check");

        check.ExitCode.ShouldBe(2);
        check.Errors.ShouldContain(string.Join("__", variable.Split("__").Take(2)));
        check.Errors.ShouldNotContain("   at ");
        check.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_wrong_settings_are_told_at_once()
    {
        foreach ((string variable, string value) in Wrong.Select(row => row.Data))
            _pen.Environment[variable] = value;

        Finished check = await _pen.RunAsync("check");

        check.ExitCode.ShouldBe(2);
        check.Errors.Split('\n').Count(l => l.StartsWith("  Rotation:", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(Wrong.Count);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_what_to_do()
    {
        (_pen.Environment["Rotation__Sinks__ops__Type"], _pen.Environment["Rotation__Sinks__ops__Path"]) = ("file", _pen.PathOf(""));
        (_pen.Environment["Rotation__Sinks__new__Type"], _pen.Environment["Rotation__Sinks__new__Path"]) = ("file", _pen.PathOf("new.kubeconfig"));
        Finished check = await _pen.RunAsync("check", "--json", "--cluster", "prod.example.com", "--address", "127.0.0.1:1");

        check.ExitCode.ShouldBe(1);
        Dictionary<string, string> details = JsonDocument.Parse(check.Output).RootElement.EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("detail").GetString()!);
        details["Temporal"].ShouldContain("rotation server");
        details["kops and state store"].ShouldContain("Rotation:Kops:Path");
        details["keysets"].ShouldContain("KOPS_STATE_STORE");
        details["sink ops"].ShouldContain("Sink 'ops'");
        details["sink new"].ShouldContain("holds nothing yet");
    }

    [Fact]
    public async Task Only_Temporal_missing_is_exit_code_5() => (await _pen.RunAsync("check", "--address", "127.0.0.1:1")).ExitCode.ShouldBe(5);

    [Fact]
    public async Task A_configuration_file_that_is_no_JSON_is_exit_code_2()
    {
        string file = _pen.PathOf("worker.json");
        await File.WriteAllTextAsync(file, "{ nonsense", TestContext.Current.CancellationToken);

        Finished check = await _pen.RunAsync("check", "--config", file);

        check.ExitCode.ShouldBe(2);
        check.Errors.ShouldContain(file);
    }
}
