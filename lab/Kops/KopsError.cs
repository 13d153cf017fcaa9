namespace Rotation.Lab.Kops;

/// <summary>A failure in kops' own words.</summary>
internal sealed class KopsError(string message) : Exception(message)
{
    /// <summary>Usage text that kops prints after the error, or null.</summary>
    public string? Usage { get; init; }

    /// <summary>Line that kops prints after the error, or null.</summary>
    public string? Hint { get; init; }
}
