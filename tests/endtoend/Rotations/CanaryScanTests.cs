using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Connection;
using Rotation.Worker.Encryption;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>
/// After a rotation with real processes, all that they left anywhere is searched for every private key and credential that there was: database, logs and output, spans, metrics. With
/// encryption, for anything that a payload or a failure said too.
/// </summary>
public sealed partial class CanaryScanTests
{
    private const string Said = "canary-comment-4711";
    private const string Wrong = "canary-keyset-4711";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_secret_is_left_anywhere(bool encrypted)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        string listen = $"http://127.0.0.1:{FreePort.Next()}";
        await using var collector = new Collector();
        Dictionary<string, string?> environment = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["Rotation__Worker__Listen"] = listen,
            ["Rotation__Worker__LogFormat"] = "json",
        };
        if (encrypted)
            (environment["CANARY_KEY"], environment["Rotation__Encryption__ActiveKey"], environment["Rotation__Encryption__Keys__k1__Environment"]) = (key, "k1", "CANARY_KEY");
        await using Stage stage = await Stage.OpenAsync(environment, "--nodes", "1", "--control-plane", "1", "--speed", "1000");
        RotationReader reader = await ReaderAsync(stage, encrypted ? key : null);
        HashSet<string> secrets = [.. SecretsIn(stage.Folder.Root)];

        await RotateAsync(stage, reader, () => secrets.UnionWith(SecretsIn(stage.Folder.Root)));
        string refusal = await RefusedAsync(stage);

        secrets.Count.ShouldBeGreaterThan(20);
        using var http = new HttpClient();
        Dictionary<string, string> places = new()
        {
            ["metrics"] = await http.GetStringAsync($"{listen}/metrics", TestContext.Current.CancellationToken),
            ["output"] = stage.Pen.AllOutput,
        };
        await stage.EndProcessesAsync();
        places["spans"] = collector.Received;
        places["database"] = string.Concat(Directory.EnumerateFiles(Path.GetDirectoryName(stage.Pen.PathOf("server.db"))!, "server.db*").Select(ReadShared));
        foreach ((string place, string content) in places)
        {
            content.Length.ShouldBeGreaterThan(1000, place);
            secrets.Where(s => content.Contains(s, StringComparison.Ordinal)).ShouldBeEmpty($"a secret is in the {place}");
            content.ShouldNotContain("PRIVATE KEY-----", Case.Sensitive, place);
            content.ShouldNotContain(key, Case.Sensitive, place);
        }

        places["spans"].ShouldContain("kops");
        places["spans"].ShouldContain("activity StageKeypair");
        places["spans"].ShouldContain("workflow RotateKeypairs");
        // Unencrypted they are there, so the search finds what is to be found.
        places["database"].Contains(Said, StringComparison.Ordinal).ShouldBe(!encrypted);
        places["database"].Contains(Wrong, StringComparison.Ordinal).ShouldBe(!encrypted);
        places["database"].Contains(refusal, StringComparison.Ordinal).ShouldBe(!encrypted, $"the failure message '{refusal}'");
    }

    private static async Task<RotationReader> ReaderAsync(Stage stage, string? key)
    {
        Dictionary<string, string?> settings = [];
        if (key is not null)
        {
            string file = stage.Pen.PathOf("key");
            await File.WriteAllTextAsync(file, key);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (settings["Rotation:Encryption:ActiveKey"], settings["Rotation:Encryption:Keys:k1:File"]) = ("k1", file);
        }

        var converter = EncryptionRegistration.DataConverterFrom(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        ITemporalClient client = await TemporalConnector.OpenAsync(new TemporalAddress(stage.Address, "default"), converter, CancellationToken.None);
        return new RotationReader(client);
    }

    // Through the first two steps: keys are made, kubeconfigs are delivered.
    private static async Task RotateAsync(Stage stage, RotationReader reader, Action look)
    {
        await stage.StartRotationAsync("--as", "alice");
        await AtGateAsync(reader, "1-stage");
        Finished approve = await stage.Pen.RunAsync("approve", Stage.Rotation, "--as", "bob", "--gate", "1-stage", "--comment", Said, "--yes");
        approve.ExitCode.ShouldBe(0, approve.Errors);
        await AtGateAsync(reader, "3-promote");
        look();
    }

    private static Task<RotationStatus?> AtGateAsync(RotationReader reader, string gate) => Eventually.GetAsync(
        () => reader.StatusOrNullAsync(Stage.Rotation, CancellationToken.None), s => s?.Gate == gate || s?.State is RotationState.Failed or RotationState.Paused, TimeSpan.FromMinutes(3));

    // Returns some words of the message.
    private static async Task<string> RefusedAsync(Stage stage)
    {
        Finished refused = await stage.Pen.RunAsync("start", "keypairs", "--cluster", stage.Card.Cluster, "--id", "refused", "--keysets", Wrong);
        refused.ExitCode.ShouldBe(3, refused.Errors);
        return Words().Match(refused.Errors[refused.Errors.IndexOf("error:", StringComparison.Ordinal)..]).Groups[1].Value;
    }

    // Pieces from the middle of every private key and credential, base64 as stored and as PEM.
    private static IEnumerable<string> SecretsIn(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length < 10_000_000))
            foreach (Match secret in Secret().Matches(ReadShared(file)))
            {
                string text = secret.Groups[1].Value;
                yield return text.Substring(text.Length / 2, 32);
                if (TryPem(text) is { } pem)
                    yield return pem;
            }
    }

    private static string? TryPem(string text)
    {
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            return null;
        string[] lines = Encoding.Latin1.GetString(bytes, 0, length).Split('\n');
        return lines.Length > 6 && lines[0].Contains("PRIVATE KEY", StringComparison.Ordinal) ? lines[lines.Length / 2] : null;
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("([a-z]+ [a-z]+ [a-z]+ [a-z]+)")]
    private static partial Regex Words();

    [GeneratedRegex("(?:privateMaterial|client-key-data|token|password): *\"?([A-Za-z0-9+/=]{80,})")]
    private static partial Regex Secret();
}
