using System.Text.Json.Nodes;
using Rotation.DevServer.Visibility.Query;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>The JSON form of a run's attributes that queries look into: plain values, lists, and the words of texts.</summary>
internal static class AttributeJson
{
    /// <summary>Takes checked attributes: each payload has its type in the metadata.</summary>
    public static string Of(SearchAttributes attributes)
    {
        var json = new JsonObject();
        foreach (var (name, payload) in attributes.IndexedFields)
        {
            var type = Enum.Parse<IndexedValueType>(payload.Metadata["type"].ToStringUtf8());
            if (AttributeValue.Decode(name, type, payload) is not { } value)
                continue;
            if (type == IndexedValueType.Text)
                json[TextWords.KeyOf(name)] = TextWords.Indexed(value.GetValue<string>());
            json[name] = value.DeepClone();
        }
        return json.ToJsonString();
    }
}
