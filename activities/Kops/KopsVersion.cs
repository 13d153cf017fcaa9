using System.Globalization;
using Rotation.Workflows;

namespace Rotation.Activities.Kops;

/// <summary>A version of kops that we know how to drive.</summary>
/// <param name="Text">As kops prints it, such as <c>1.26.6</c>.</param>
/// <param name="Minor">The minor version.</param>
internal sealed record KopsVersion(string Text, int Minor)
{
    /// <summary>First minor version with <c>promote|distrust|trust keypair</c>.</summary>
    public const int OldestMinor = 22;

    /// <summary>Newest minor version that is let through; 1.26 is the one held to recordings.</summary>
    public const int NewestMinor = 35;

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
