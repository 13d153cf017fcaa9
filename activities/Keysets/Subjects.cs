namespace Rotation.Activities.Keysets;

/// <summary>Compares subjects of certificates as text: writers differ in order, spaces and the name of 2.5.4.5.</summary>
internal static class Subjects
{
    /// <summary>One form of all writings of a subject.</summary>
    public static string Normal(string subject) => string.Join(',', subject.Replace("OID.2.5.4.5=", "SERIALNUMBER=", StringComparison.OrdinalIgnoreCase)
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.OrdinalIgnoreCase)).ToUpperInvariant();

    /// <summary>The first of <paramref name="others"/> that is the same subject, or null.</summary>
    public static string? Same(string subject, IEnumerable<string> others)
    {
        string wanted = Normal(subject);
        return others.FirstOrDefault(o => Normal(o) == wanted);
    }
}
