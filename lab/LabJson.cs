using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Rotation.Lab;

/// <summary>JSON of the lab's own endpoint.</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolverChain = { LabStatusJson.Default, new DefaultJsonTypeInfoResolver() },
    };
}

/// <summary>What each start of the emulator reads, without looking for its properties.</summary>
[JsonSerializable(typeof(LabStatus))]
internal sealed partial class LabStatusJson : JsonSerializerContext;
