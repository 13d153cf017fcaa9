using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Rotation.Worker.Encryption;
using Shouldly;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Encryption;

public sealed class AesGcmCodecTests : IDisposable
{
    private readonly TestKeys _keys = new();

    [Property(MaxTest = 200)]
    public void Whatever_is_encrypted_comes_back(byte[] data, NonEmptyString field)
    {
        AesGcmCodec codec = _keys.Codec("k1", ("k1", 1));
        var payload = new Payload { Data = ByteString.CopyFrom(data), Metadata = { [field.Get] = ByteString.CopyFromUtf8("json/plain") } };

        One(codec.DecodeAsync([One(codec.EncodeAsync([payload]))])).ShouldBe(payload);
    }

    [Fact]
    public void Nothing_of_the_content_or_its_metadata_is_in_the_encrypted_payload()
    {
        Payload encrypted = Encrypt(_keys.Codec("k1", ("k1", 1)), "canary-content");

        encrypted.Metadata.Keys.Order(StringComparer.Ordinal).ShouldBe(["encoding", "encryption-key-id"]);
        Encoding.Latin1.GetString(encrypted.ToByteArray()).ShouldNotContain("canary");
        encrypted.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public void The_same_content_never_looks_the_same()
    {
        AesGcmCodec codec = _keys.Codec("k1", ("k1", 1));

        Enumerable.Range(0, 100).Select(_ => Encrypt(codec, "same").Data.ToBase64()).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task Every_changed_bit_is_found()
    {
        AesGcmCodec codec = _keys.Codec("k1", ("k1", 1));
        byte[] data = Encrypt(codec, "approve").Data.ToByteArray();

        for (int bit = 0; bit < data.Length * 8; bit++)
        {
            byte[] changed = [.. data];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Should.ThrowAsync<PayloadUnreadableException>(() => codec.DecodeAsync([Encrypted("k1", changed)]));
        }
    }

    [Fact]
    public async Task Every_shortened_payload_is_refused()
    {
        AesGcmCodec codec = _keys.Codec("k1", ("k1", 1));
        byte[] data = Encrypt(codec, "approve").Data.ToByteArray();

        for (int length = 0; length < data.Length; length++)
            await Should.ThrowAsync<PayloadUnreadableException>(() => codec.DecodeAsync([Encrypted("k1", data[..length])]));
    }

    [Fact]
    public void Old_keys_go_on_decrypting_after_a_rotation()
    {
        Payload old = Encrypt(_keys.Codec("k1", ("k1", 1)), "old");
        AesGcmCodec rotated = _keys.Codec("k2", ("k1", 1), ("k2", 2));

        One(rotated.DecodeAsync([old])).Data.ToStringUtf8().ShouldBe("old");
        Encrypt(rotated, "new").Metadata["encryption-key-id"].ToStringUtf8().ShouldBe("k2");
    }

    [Fact]
    public async Task A_missing_key_is_named_and_the_way_to_mend_it()
    {
        Payload old = Encrypt(_keys.Codec("k1", ("k1", 1)), "old");

        var e = await Should.ThrowAsync<PayloadUnreadableException>(() => _keys.Codec("k2", ("k2", 2)).DecodeAsync([old]));

        e.Message.ShouldContain("'k1', which is not among Rotation:Encryption:Keys");
    }

    [Fact]
    public async Task Another_key_under_the_same_id_does_not_decrypt()
    {
        Payload old = Encrypt(_keys.Codec("k1", ("k1", 1)), "old");

        var e = await Should.ThrowAsync<PayloadUnreadableException>(() => _keys.Codec("k1", ("k1", 9)).DecodeAsync([old]));

        e.Message.ShouldContain("k1");
    }

    [Fact]
    public async Task The_key_id_is_part_of_what_is_authenticated()
    {
        AesGcmCodec codec = _keys.Codec("k1", ("k1", 1), ("twin", 1));
        Payload encrypted = Encrypt(codec, "old");

        await Should.ThrowAsync<PayloadUnreadableException>(() => codec.DecodeAsync([Encrypted("twin", encrypted.Data.ToByteArray())]));
    }

    [Fact]
    public void What_was_typed_into_the_Temporal_UI_passes_through()
    {
        Payload plain = Plain("{\"gate\":\"1-stage\"}");

        One(_keys.Codec("k1", ("k1", 1)).DecodeAsync([plain])).ShouldBe(plain);
    }

    [Fact]
    public async Task Failure_messages_and_stack_traces_are_encrypted_too()
    {
        DataConverter converter = EncryptionRegistration.DataConverterFrom(_keys.Configuration("k1", ("k1", 1)));
        var failure = new Temporalio.Exceptions.ApplicationFailureException("canary-message", errorType: "KopsFailed", details: ["canary-detail"]);

        var encoded = await converter.ToFailureAsync(failure);

        encoded.Message.ShouldBe("Encoded failure");
        encoded.ToString().ShouldNotContain("canary");
        (await converter.ToExceptionAsync(encoded)).Message.ShouldBe("canary-message");
    }

    public void Dispose() => _keys.Dispose();

    private static Payload Plain(string content) =>
        new() { Data = ByteString.CopyFromUtf8(content), Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["canary-field"] = ByteString.CopyFromUtf8("canary-value") } };

    private static Payload Encrypt(AesGcmCodec codec, string content) => One(codec.EncodeAsync([Plain(content)]));

    private static Payload Encrypted(string id, byte[] data) => new()
    {
        Data = ByteString.CopyFrom(data),
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8(AesGcmCodec.Encoding), ["encryption-key-id"] = ByteString.CopyFromUtf8(id) },
    };

    // The codec does no I/O: its tasks are complete.
    private static Payload One(Task<IReadOnlyCollection<Payload>> payloads)
    {
        payloads.IsCompletedSuccessfully.ShouldBeTrue();
        return payloads.GetAwaiter().GetResult().Single();
    }
}
