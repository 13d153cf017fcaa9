using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

namespace Rotation.Workflows.Procedures;

/// <summary>Reads failures of activities and children.</summary>
internal static class Failures
{
    /// <summary>The failure that says what happened: the innermost one of ours, or the innermost at all.</summary>
    public static Exception RootOf(Exception failure)
    {
        Exception root = failure;
        while (root.InnerException is { } inner && root is not ApplicationFailureException { InnerException: not FailureException })
            root = inner;
        return root;
    }

    /// <summary>Error type, or the name of the exception where it has none.</summary>
    public static string TypeOf(Exception failure) => RootOf(failure) is ApplicationFailureException { ErrorType: { } type } ? type : RootOf(failure).GetType().Name;

    /// <summary>Type and message in one line.</summary>
    public static string Describe(Exception failure)
    {
        Exception root = RootOf(failure);
        string what = failure is ActivityFailureException activity ? $"{activity.ActivityType}: " : "";
        return $"{what}{TypeOf(failure)}: {root.Message}";
    }

    /// <summary>What a failed roll had done before it failed.</summary>
    public static RollResult RollResultOf(Exception failure) =>
        RootOf(failure) is ApplicationFailureException { Details.Count: > 0 } root ? root.Details.ElementAt<RollResult>(0) ?? new() : new();
}
