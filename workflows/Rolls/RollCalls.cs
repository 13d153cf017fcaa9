using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>What is wrong with a call of a person, or null.</summary>
internal static class RollCalls
{
    /// <summary>Of <c>retry</c> and <c>skip</c>.</summary>
    public static string? RefusalOf(GroupState state, RollCall call)
    {
        if (call.Problems.Count > 0)
            return string.Join("; ", call.Problems);
        if (string.IsNullOrWhiteSpace(call.Operator))
            return "operator: is required: who asks";
        string[] stuck = [.. state.Stuck.Select(n => n.Id)];
        if (stuck.Length == 0)
            return "no node is parked or failed";
        return call.Instances.FirstOrDefault(i => !stuck.Contains(i)) is { } other ? $"instances: '{other}' is neither parked nor failed; those that are: {string.Join(", ", stuck)}" : null;
    }

    /// <summary>Of <c>force</c>.</summary>
    public static string? RefusalOfForce(GroupState state, RollCall call)
    {
        if (RefusalOf(state, call) is { } refusal)
            return refusal;
        if (call.Instances.Count == 0)
            return "instances: is required: name each instance that is to be drained by force";
        NodeWork? other = state.Stuck.FirstOrDefault(n => call.Instances.Contains(n.Id) && n.ErrorType != RotationErrors.DrainTimedOut);
        return other is null ? null : $"instances: '{other.Id}' is not stuck in its drain, so that force does not help: {other.Reason}";
    }
}
