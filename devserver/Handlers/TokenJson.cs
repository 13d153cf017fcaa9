using System.Text.Json.Serialization;

namespace Rotation.DevServer.Handlers;

/// <summary>Generated readers and writers of the tokens that callers hand back.</summary>
[JsonSerializable(typeof(TaskToken))]
[JsonSerializable(typeof(PageToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
