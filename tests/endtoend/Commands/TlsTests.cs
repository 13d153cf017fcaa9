using Rotation.Tests.EndToEnd.Processes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>A Temporal service that wants TLS: with a client certificate, or with an API key.</summary>
public sealed class TlsTests : IAsyncDisposable
{
    private const string Key = "an-api-key-of-a-test";
    private readonly ProcessPen _pen = new();

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Fact]
    public async Task A_client_certificate_opens_the_connection_of_commands_and_worker_and_nothing_else_does()
    {
        using var pki = new TestPki(name => _pen.PathOf(name));
        await using TlsFront front = await FrontAsync(pki, apiKey: null);
        _pen.Environment["TEMPORAL_TLS_SERVER_CA_CERT_PATH"] = pki.AuthorityFile;

        Finished stranger = await _pen.RunAsync("list");
        _pen.Environment["TEMPORAL_TLS_CLIENT_CERT_PATH"] = pki.CertificateFile;
        _pen.Environment["TEMPORAL_TLS_CLIENT_KEY_PATH"] = pki.KeyFile;
        Finished setup = await _pen.RunAsync("setup");
        Finished list = await _pen.RunAsync("list", "--json");
        RotationProcess worker = _pen.Start("worker", "worker", "--json");
        await worker.SaysAsync("\"taskQueue\"");

        stranger.ExitCode.ShouldBe(5, stranger.Errors);
        stranger.Errors.ShouldContain($"Cannot reach the Temporal server at {front.Address}");
        setup.ExitCode.ShouldBe(0, setup.Errors);
        list.ExitCode.ShouldBe(0, list.Errors);
    }

    [Fact]
    public async Task An_api_key_opens_the_connection_and_a_wrong_one_is_refused_in_words_that_do_not_repeat_it()
    {
        using var pki = new TestPki(name => _pen.PathOf(name));
        await using TlsFront front = await FrontAsync(pki, Key);
        _pen.Environment["TEMPORAL_TLS_SERVER_CA_CERT_PATH"] = pki.AuthorityFile;
        _pen.Environment["TEMPORAL_API_KEY"] = "a-wrong-key-of-a-test";

        Finished wrong = await _pen.RunAsync("list");
        _pen.Environment["TEMPORAL_API_KEY"] = Key;
        Finished right = await _pen.RunAsync("list", "--json");

        wrong.ExitCode.ShouldBe(5, wrong.Errors);
        wrong.Errors.ShouldContain("unauthorized");
        wrong.Errors.ShouldNotContain("a-wrong-key-of-a-test");
        right.ExitCode.ShouldBe(0, right.Errors);
    }

    private async Task<TlsFront> FrontAsync(TestPki pki, string? apiKey)
    {
        RotationProcess server = _pen.Start("server", "server", "--port", "0", "--json");
        await server.SaysAsync("}");
        string address = System.Text.Json.JsonDocument.Parse(server.Output).RootElement.GetProperty("address").GetString()!;
        TlsFront front = await TlsFront.StartAsync(address, pki, apiKey);
        _pen.Environment["TEMPORAL_ADDRESS"] = front.Address;
        return front;
    }
}
