using System.Text.Json;
using System.Text.Json.Serialization;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Serialization;

/// <summary>Durations in JSON are strings as kops writes them.</summary>
internal sealed class KopsDurationConverter : JsonConverter<KopsDuration>
{
    public override KopsDuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && KopsDuration.TryParse(reader.GetString(), out var duration)
            ? duration
            : throw new JsonException("must be a duration such as \"90s\", \"15m\" or \"18h\"");

    public override void Write(Utf8JsonWriter writer, KopsDuration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
