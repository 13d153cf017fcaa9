using System.Text.Json;
using System.Text.Json.Serialization;
using Temporalio.Converters;

namespace Rotation.Workflows.Serialization;

/// <summary>
/// How every payload of ours is written: JSON, camelCase, names matched without regard to case, enums as words, durations as kops writes them. Clients,
/// workers and tests all use this one; changing it breaks running rotations.
/// </summary>
public static class RotationDataConverter
{
    /// <summary>The JSON form of payloads, of the command line's <c>--json</c> and of files.</summary>
    public static JsonSerializerOptions Json { get; } = CreateOptions();

    /// <summary>The data converter for clients and workers, without encryption.</summary>
    public static DataConverter Plain { get; } = DataConverter.Default with { PayloadConverter = new RotationPayloadConverter() };

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new KopsDurationConverter(), new PersonInputConverterFactory() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class RotationPayloadConverter() : DefaultPayloadConverter(Json);
}
