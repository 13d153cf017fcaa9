using System.Globalization;
using Rotation.Workflows;

namespace Rotation.Activities.Kops;

/// <summary>A version of kops that we know how to drive.</summary>
/// <param name="Text">As kops prints it, such as <c>1.26.6</c>.</param>
/// <param name="Minor">The minor version.</param>
internal sealed record KopsVersion(string Text, int Minor)
{
    /// <summary>Oldest minor version that is let through, for the legacy procedure: the first with <c>get instances</c> and <c>export kubecfg --admin</c>.</summary>
    public const int OldestMinor = 19;

    /// <summary>First minor version with <c>promote|distrust|trust keypair</c>, and with keysets in one file each.</summary>
    public const int GracefulMinor = 22;

    /// <summary>First minor version with <c>reconcile cluster</c>.</summary>
    public const int ReconcileMinor = 31;

    /// <summary>Newest minor version that is let through; 1.26 is the one held to recordings.</summary>
    public const int NewestMinor = 36;

    /// <summary>Minor version of a text such as <c>1.26.6</c> or <c>v1.30.0-beta.1</c>, or null.</summary>
    public static int? MinorOf(string text)
    {
        string[] parts = text.Trim().TrimStart('v').Split('.', '-');
        return parts.Length > 1 && parts[0] == "1" && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? minor : null;
    }

    /// <summary>Below 0 when the first is older, above when newer, 0 when equal or when one of them is no version.</summary>
    public static int Compare(string one, string other)
    {
        int[] left = Numbers(one), right = Numbers(other);
        return left.Length < 3 || right.Length < 3 ? 0 : left.Zip(right, (l, r) => l.CompareTo(r)).FirstOrDefault(c => c != 0);
    }

    // Suffixes such as -beta.1 are left out: they never tell apart what may read what.
    private static int[] Numbers(string text) =>
        [.. text.Trim().TrimStart('v').Split('-')[0].Split('.').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1).TakeWhile(n => n >= 0).Take(3)];

    /// <summary>Reads a version and refuses one that we do not know, naming those we do.</summary>
    public static KopsVersion Known(string text, string path)
    {
        string[] parts = text.Split('.', '-');
        bool known = parts[0] == "1" && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) && minor is >= OldestMinor and <= NewestMinor;
        return known
            ? new(text, int.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw RotationErrors.Permanent(RotationErrors.KopsVersionUnknown, $"kops at '{path}' is version {text}; known are 1.{OldestMinor} to 1.{NewestMinor}. Set Rotation:Kops:Path or Rotation:Kops:Binaries to one of them.");
    }
}
