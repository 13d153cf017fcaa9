using System.Security.Cryptography;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Rotation.Worker.Encryption;

/// <summary>
/// Encrypts whole payloads, their metadata included, with AES-256-GCM. An encrypted payload has the metadata <c>encoding: binary/encrypted</c> and <c>encryption-key-id</c>; its
/// data is nonce (12 bytes, random), tag (16 bytes), ciphertext. The key id is authenticated with it. Payloads that are not encrypted pass through <see cref="DecodeAsync"/>, so
/// that histories from before encryption and JSON typed into the Temporal UI can be read. One key is good for 2³² payloads (NIST SP 800-38D, random nonces).
/// </summary>
internal sealed class AesGcmCodec(PayloadKeys keys) : IPayloadCodec
{
    /// <summary>Value of the metadata <c>encoding</c> of encrypted payloads.</summary>
    public const string Encoding = "binary/encrypted";

    private const string EncodingField = "encoding";
    private const string KeyIdField = "encryption-key-id";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private static readonly ByteString EncodingBytes = ByteString.CopyFromUtf8(Encoding);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Encrypt)]);

    /// <inheritdoc/>
    /// <exception cref="PayloadUnreadableException">A payload's key is not configured, or the payload was changed.</exception>
    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Decrypt)]);

    private Payload Encrypt(Payload payload)
    {
        byte[] plain = payload.ToByteArray();
        byte[] sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        Span<byte> nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys.Active, TagLength);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), Bound(keys.ActiveId));
        CryptographicOperations.ZeroMemory(plain);
        return new Payload
        {
            Metadata = { [EncodingField] = EncodingBytes, [KeyIdField] = ByteString.CopyFromUtf8(keys.ActiveId) },
            Data = UnsafeByteOperations.UnsafeWrap(sealedBytes),
        };
    }

    private Payload Decrypt(Payload payload)
    {
        if (!payload.Metadata.TryGetValue(EncodingField, out ByteString? encoding) || encoding != EncodingBytes)
            return payload;
        string id = payload.Metadata.TryGetValue(KeyIdField, out ByteString? field) ? field.ToStringUtf8() : "";
        if (!keys.TryGet(id, out ReadOnlySpan<byte> key))
            throw new PayloadUnreadableException($"A payload is encrypted with the key '{id}', which is not among {EncryptionOptions.Section}:Keys; add it there and start again.");
        ReadOnlySpan<byte> data = payload.Data.Span;
        if (data.Length < NonceLength + TagLength)
            throw new PayloadUnreadableException($"A payload that is encrypted with the key '{id}' is cut short.");
        return Payload.Parser.ParseFrom(Open(id, key, data));
    }

    private static byte[] Open(string id, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        byte[] plain = new byte[data.Length - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(data[..NonceLength], data[(NonceLength + TagLength)..], data[NonceLength..(NonceLength + TagLength)], plain, Bound(id));
            return plain;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new PayloadUnreadableException($"A payload does not fit the key '{id}': it was changed, or {EncryptionOptions.Section}:Keys:{id} is another key than the one that encrypted it.", e);
        }
    }

    private static byte[] Bound(string id) => System.Text.Encoding.UTF8.GetBytes($"rotation/1/{id}");
}
