using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>Temporal's standard client configuration: what is wrong in it is told in words.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private readonly ProcessPen _pen = new();

    public static TheoryData<string, string, int, string> Wrong => new()
    {
        { "TEMPORAL_PROFILE", "nope", 2, "Profile 'nope' not found" },
        { "TEMPORAL_PROFILE", "tls", 2, "/no/such/cert.pem" },
        { "TEMPORAL_CONFIG_FILE", "{folder}/bad.toml", 2, "TOML" },
        { "TEMPORAL_TLS_CLIENT_CERT_PATH", "/no/such/cert.pem", 2, "TEMPORAL_TLS_CLIENT" },
        { "TEMPORAL_API_KEY", "secret-api-key", 5, "it does not speak TLS" },
        { "TEMPORAL_TLS", "true", 5, "it does not speak TLS" },
        { "TEMPORAL_NAMESPACE", "nope", 1, "Namespace nope is not found. Set TEMPORAL_NAMESPACE" },
        { "TEMPORAL_ADDRESS", "no.such.host.invalid:7233", 5, "Cannot reach the Temporal server at no.such.host.invalid:7233" },
    };

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_told_with_its_exit_code(string variable, string value, int exitCode, string message)
    {
        await ConfigureAsync();
        _pen.Environment[variable] = value.Replace("{folder}", _pen.PathOf(""), StringComparison.Ordinal);
        if (variable == "TEMPORAL_TLS_CLIENT_CERT_PATH")
            _pen.Environment["TEMPORAL_TLS_CLIENT_KEY_PATH"] = "/no/such/key.pem";

        Finished list = await _pen.RunAsync("list");

        list.ExitCode.ShouldBe(exitCode, list.Errors);
        list.Errors.ShouldContain(message);
        list.Errors.ShouldNotContain("   at ");
        list.Errors.ShouldNotContain("secret-api-key");
        list.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_tells_a_namespace_that_is_not_set_up_and_setup_sets_it_up()
    {
        await ConfigureAsync("server", "start-dev");

        Finished before = await _pen.RunAsync("check");
        Finished setup = await _pen.RunAsync("setup");
        Finished after = await _pen.RunAsync("check");

        before.ExitCode.ShouldBe(1);
        before.Output.ShouldContain("rotation setup");
        setup.ExitCode.ShouldBe(0);
        after.ExitCode.ShouldBe(0, after.Output);
    }

    // A server, and a temporal.toml with the profiles default and tls for it.
    private async Task ConfigureAsync(params string[] command)
    {
        RotationProcess server = _pen.Start("server", [.. command.DefaultIfEmpty("server"), "--port", "0", "--json"]);
        await server.SaysAsync("}");
        string address = System.Text.Json.JsonDocument.Parse(server.Output).RootElement.GetProperty("address").GetString()!;
        string file = _pen.PathOf("temporal.toml");
        await File.WriteAllTextAsync(file, $"""
            [profile.default]
            address = "{address}"
            [profile.tls]
            address = "{address}"
            [profile.tls.tls]
            client_cert_path = "/no/such/cert.pem"
            client_key_path = "/no/such/key.pem"
            """);
        await File.WriteAllTextAsync(_pen.PathOf("bad.toml"), "x = [");
        _pen.Environment["TEMPORAL_CONFIG_FILE"] = file;
    }
}
