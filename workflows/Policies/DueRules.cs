using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Policies;

/// <summary>Whether keysets are due. Pure: the time is given.</summary>
public static class DueRules
{
    /// <summary>Why the first keyset that is due is so, in words; null when none is.</summary>
    /// <param name="due">When one is due.</param>
    /// <param name="names">Keysets that would be rotated; <c>all</c> stands for every one.</param>
    /// <param name="keysets">The keysets as they stand.</param>
    /// <param name="now">When.</param>
    public static string? ReasonOf(RotationDue due, IReadOnlyList<string> names, KeysetList keysets, DateTimeOffset now) =>
        due.Always ? "due every time" : keysets.Keysets.Where(k => names.Contains("all") || names.Contains(k.Name)).Select(k => ReasonOf(due, k, now)).FirstOrDefault(r => r is not null);

    private static string? ReasonOf(RotationDue due, KeysetState keyset, DateTimeOffset now)
    {
        if (keyset.Keypairs.FirstOrDefault(k => k.Id == keyset.PrimaryId) is not { } primary)
            return null;
        double age = (now - primary.NotBefore).TotalDays;
        double left = (primary.NotAfter - now).TotalDays;
        if (due.MaxAgeDays > 0 && age >= due.MaxAgeDays)
            return $"the primary of {keyset.Name} is {age:0} days old, {due.MaxAgeDays} are the limit";
        return due.DaysToExpiry > 0 && left <= due.DaysToExpiry ? $"the primary of {keyset.Name} expires in {left:0} days, {due.DaysToExpiry} are the limit" : null;
    }
}
