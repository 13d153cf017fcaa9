namespace Rotation.Tests.Unit.Activities;

/// <summary>Names mutating activities that the tests of a class run to each crash point and again, and two at once.</summary>
/// <param name="activities">Their names as Temporal has them.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CrashTestedAttribute(params string[] activities) : Attribute
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string> Activities { get; } = activities;
}
