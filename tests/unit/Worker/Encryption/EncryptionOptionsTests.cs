using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rotation.Worker.Encryption;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Converters;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Encryption;

public sealed class EncryptionOptionsTests : IDisposable
{
    private readonly TestKeys _keys = new();

    [Fact]
    public void Without_keys_payloads_are_plain() => EncryptionRegistration.DataConverterFrom(TestKeys.From(new Dictionary<string, string?>())).ShouldBeSameAs(RotationDataConverter.Plain);

    [Fact]
    public void A_key_may_come_from_the_environment()
    {
        Environment.SetEnvironmentVariable("ROTATION_TEST_PAYLOAD_KEY", TestKeys.KeyOf(7));

        var converter = EncryptionRegistration.DataConverterFrom(TestKeys.From(new Dictionary<string, string?> { ["Rotation:Encryption:ActiveKey"] = "k", ["Rotation:Encryption:Keys:k:Environment"] = "ROTATION_TEST_PAYLOAD_KEY" }));

        converter.PayloadCodec.ShouldBeOfType<AesGcmCodec>();
    }

    [Fact]
    public void A_service_provider_gives_the_encrypting_converter()
    {
        using ServiceProvider services = new ServiceCollection().AddRotationEncryption(_keys.Configuration("k1", ("k1", 1))).BuildServiceProvider();

        services.GetRequiredService<DataConverter>().PayloadCodec.ShouldBeOfType<AesGcmCodec>();
    }

    [Theory]
    [InlineData("ActiveKey", null, "Rotation:Encryption:ActiveKey is missing")]
    [InlineData("ActiveKey", "other", "Rotation:Encryption:ActiveKey is 'other', which is not among")]
    [InlineData("Keys:k1:File", "relative", "Rotation:Encryption:Keys:k1 has the file 'relative', which is not an absolute path")]
    [InlineData("Keys:k1:File", "/there/is/none", "cannot be read")]
    [InlineData("Keys:k1:File", "", "is missing; give File")]
    [InlineData("Keys:k1:Environment", "PATH", "has both File and Environment")]
    [InlineData("Keys:k2:Environment", "ROTATION_TEST_NOT_SET", "ROTATION_TEST_NOT_SET, which is not set")]
    [InlineData("Keys:bad id:Environment", "PATH", "has an id of other characters")]
    public void A_bad_setting_is_named_with_its_form_in_the_environment(string key, string? value, string words)
    {
        Dictionary<string, string?> settings = _keys.Settings("k1", ("k1", 1));
        settings[$"Rotation:Encryption:{key}"] = value;

        string problem = ProblemsOf(settings).ShouldHaveSingleItem();

        problem.ShouldContain(words);
        problem.ShouldContain("(in the environment: Rotation__Encryption__");
    }

    [Theory]
    [InlineData("AAAA", "is not base64 of 32 bytes")]
    [InlineData("not base64 at all", "is not base64 of 32 bytes")]
    [InlineData("", "is empty")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v", "is not base64 of 32 bytes")]
    public void A_bad_key_is_refused_without_showing_it(string content, string words)
    {
        string path = _keys.Write("bad", content);

        string problem = ProblemsOf(new() { ["Rotation:Encryption:ActiveKey"] = "k", ["Rotation:Encryption:Keys:k:File"] = path }).ShouldHaveSingleItem();

        problem.ShouldContain(words);
        if (content.Length > 0)
            problem.ShouldNotContain(content);
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_refused_also_behind_a_link()
    {
        string open = _keys.Write("open", TestKeys.KeyOf(1), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        string link = open + ".link";
        File.CreateSymbolicLink(link, open);

        foreach (string path in new[] { open, link })
            ProblemsOf(new() { ["Rotation:Encryption:ActiveKey"] = "k", ["Rotation:Encryption:Keys:k:File"] = path }).ShouldHaveSingleItem().ShouldContain("others can read");
    }

    [Fact]
    public void All_problems_are_said_at_once() =>
        ProblemsOf(new() { ["Rotation:Encryption:ActiveKey"] = "none", ["Rotation:Encryption:Keys:a:File"] = "x", ["Rotation:Encryption:Keys:b:Environment"] = "ROTATION_TEST_NOT_SET" }).Count.ShouldBe(3);

    public void Dispose() => _keys.Dispose();

    private static IReadOnlyList<string> ProblemsOf(Dictionary<string, string?> settings) =>
        [.. Should.Throw<OptionsValidationException>(() => EncryptionRegistration.DataConverterFrom(TestKeys.From(settings))).Failures];
}
