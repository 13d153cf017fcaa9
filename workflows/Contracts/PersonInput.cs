using System.Text.Json.Serialization;

namespace Rotation.Workflows.Contracts;

/// <summary>
/// JSON that a person may have typed: reading it never fails. What could not be read, and every field that is not known, is collected in <see cref="Problems"/>,
/// so that the workflow refuses in words what would otherwise fail its tasks for ever.
/// </summary>
public abstract record PersonInput
{
    /// <summary>What is wrong with the JSON, each entry starting with the field's path; empty when it was read whole.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Problems { get; init; } = [];
}
