using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotation.Lab;

/// <summary>JSON of the lab's own endpoint.</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
}
