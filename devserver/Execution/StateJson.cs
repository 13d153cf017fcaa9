using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotation.DevServer.Execution;

/// <summary>The stored form of a run's state: JSON with generated readers and writers, so that the first transition costs no reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(RunState))]
internal sealed partial class StateJson : JsonSerializerContext
{
    public static byte[] Write(RunState state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.RunState);

    public static RunState Read(ReadOnlySpan<byte> stored) =>
        JsonSerializer.Deserialize(stored, Default.RunState) ?? throw new InvalidDataException("A run without a state.");
}
