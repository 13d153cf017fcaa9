using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Texts the server itself puts where callers put payloads.</summary>
internal static class PayloadTexts
{
    public static Payloads Of(string text) => new()
    {
        Payloads_ = { new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8($"\"{JsonEncodedText.Encode(text)}\"") } },
    };
}
