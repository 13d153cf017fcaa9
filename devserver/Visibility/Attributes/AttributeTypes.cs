using System.Collections.Immutable;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Attributes;

/// <summary>The attributes a namespace knows, as one immutable picture: a query or a start sees all of an addition or nothing.</summary>
internal sealed record AttributeTypes(string Namespace, ImmutableSortedDictionary<string, IndexedValueType> Custom)
{
    /// <summary>Type of a settable attribute (custom or predefined), or null when nobody registered it.</summary>
    public IndexedValueType? Settable(string name) =>
        SystemAttributes.Predefined.TryGetValue(name, out var predefined) ? predefined
        : Custom.TryGetValue(name, out var custom) ? custom
        : null;

    /// <summary>Everything the system itself gives, for <c>ListSearchAttributes</c>.</summary>
    public static IEnumerable<KeyValuePair<string, IndexedValueType>> System => SystemAttributes.Computed
        .Select(a => KeyValuePair.Create(a.Key, a.Value.Type))
        .Concat(SystemAttributes.Predefined)
        .OrderBy(a => a.Key, StringComparer.Ordinal);
}
