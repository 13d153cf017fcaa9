using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rotation.Tests.Unit.Worker.Encryption;
using Rotation.Worker.CodecServer;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Worker.CodecServer;

public sealed class CodecServerOptionsTests : IDisposable
{
    private readonly TestKeys _keys = new();

    [Theory]
    [InlineData("Listen", "http://0.0.0.0:8081", "which others can reach; it must then be https")]
    [InlineData("Listen", "https://10.0.0.1:8081", "is missing, and others can reach")]
    [InlineData("Listen", "ftp://127.0.0.1:8081", "it must be http or https")]
    [InlineData("Listen", "http://*:8081", "it must be http or https")]
    [InlineData("Listen", "http://127.0.0.1:8081/path", "it must be http or https")]
    [InlineData("Listen", "https://127.0.0.1:8081", "https needs both")]
    [InlineData("CertificateFile", "/there/is/none", "", "KeyFile", "/there/is/none")]
    [InlineData("AllowedOrigins:0", "*", "which is no origin")]
    [InlineData("AllowedOrigins:0", "https://temporal.example.com/", "which is no origin")]
    [InlineData("User", "ops", "and Password go together")]
    [InlineData("User", "o:ps", "without a colon", "Password:Environment", "ROTATION_TEST_LONG")]
    [InlineData("Password:Environment", "ROTATION_TEST_LONG", "and Password go together")]
    [InlineData("BearerToken:Environment", "ROTATION_TEST_SHORT", "is shorter than 32 characters")]
    [InlineData("Password:Environment", "ROTATION_TEST_SHORT", "is shorter than 16 characters", "User", "ops")]
    public async Task It_does_not_start_where_strangers_could_read(string key, string value, string words, string? key2 = null, string? value2 = null)
    {
        Environment.SetEnvironmentVariable("ROTATION_TEST_SHORT", "CANARY");
        Environment.SetEnvironmentVariable("ROTATION_TEST_LONG", "CANARY-0123456789-0123456789-0123456789");
        Dictionary<string, string?> settings = _keys.Settings("k1", ("k1", 1));
        settings[$"Rotation:CodecServer:{key}"] = value;
        if (key2 is not null)
            settings[$"Rotation:CodecServer:{key2}"] = value2;

        string problems = string.Join('\n', await ProblemsAsync(settings));

        problems.ShouldContain(words);
        problems.ShouldNotContain("CANARY");
    }

    [Fact]
    public async Task Without_keys_it_says_that_it_needs_the_workers() => (await ProblemsAsync([])).ShouldHaveSingleItem().ShouldContain("needs the keys of the workers");

    [Fact]
    public async Task With_a_certificate_it_serves_https()
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Dictionary<string, string?> settings = _keys.Settings("k1", ("k1", 1));
        settings["Rotation:CodecServer:Listen"] = "https://127.0.0.1:0";
        settings["Rotation:CodecServer:CertificateFile"] = _keys.Write("cert.pem", certificate.ExportCertificatePem());
        settings["Rotation:CodecServer:KeyFile"] = _keys.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        await using CodecServerHost server = await CodecServerHost.StartAsync(TestKeys.From(settings), l => l.ClearProviders(), TestContext.Current.CancellationToken);
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, served, _, _) => served!.Thumbprint == certificate.Thumbprint });

        HttpResponseMessage response = await http.PostAsync(new Uri($"{server.Address}/encode"), new StringContent("{}"), TestContext.Current.CancellationToken);

        response.IsSuccessStatusCode.ShouldBeTrue();
    }

    public void Dispose() => _keys.Dispose();

    private static async Task<IReadOnlyList<string>> ProblemsAsync(Dictionary<string, string?> settings) =>
        [.. (await Should.ThrowAsync<OptionsValidationException>(() => CodecServerHost.StartAsync(TestKeys.From(settings), l => l.ClearProviders(), CancellationToken.None))).Failures];
}
