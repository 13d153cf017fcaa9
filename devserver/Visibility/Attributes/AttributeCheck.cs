using System.Text.Json.Nodes;
using Google.Protobuf;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>What a start, an upsert, a child or a schedule must pass before its search attributes are kept.</summary>
internal static class AttributeCheck
{
    /// <summary>Limits of the real server: keys in all, bytes of one value, bytes of all.</summary>
    public const int MaxKeys = 100, MaxValueBytes = 2 * 1024, MaxTotalBytes = 40 * 1024;

    /// <summary>
    /// A copy with the type in each payload's metadata. Throws INVALID_ARGUMENT for a name nobody registered, one the server
    /// computes, a value of another type, or too much.
    /// </summary>
    public static SearchAttributes Checked(AttributeTypes types, SearchAttributes? given)
    {
        var result = new SearchAttributes();
        if (given is null)
            return result;
        if (given.IndexedFields.Count > MaxKeys)
            throw Failures.InvalidArgument($"number of search attributes {given.IndexedFields.Count} exceeds limit {MaxKeys}");
        foreach (var (name, payload) in given.IndexedFields)
            result.IndexedFields[name] = CheckedValue(types, name, payload);
        if (result.CalculateSize() > MaxTotalBytes)
            throw Failures.InvalidArgument($"total size of search attributes {result.CalculateSize()} exceeds size limit {MaxTotalBytes}");
        return result;
    }

    private static Payload CheckedValue(AttributeTypes types, string name, Payload payload)
    {
        if (SystemAttributes.IsInternal(name))
            throw Failures.InvalidArgument($"{name} attribute can't be set in SearchAttributes");
        var type = types.Settable(name)
            ?? throw Failures.InvalidArgument($"Namespace {types.Namespace} has no mapping defined for search attribute {name}");
        if (payload.Data.Length > MaxValueBytes)
            throw Failures.InvalidArgument($"search attribute {name} value size {payload.Data.Length} exceeds size limit {MaxValueBytes}");
        if (AttributeValue.Decode(name, type, payload) is not null && type == IndexedValueType.KeywordList && JsonNode.Parse(payload.Data.Span) is not JsonArray)
            throw AttributeValue.Invalid(name, type, payload);
        var typed = payload.Clone();
        typed.Metadata["type"] = ByteString.CopyFromUtf8(type.ToString());
        return typed;
    }
}
