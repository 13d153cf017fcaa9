using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight;

/// <summary>One named question to the facts. Pure: it reads nothing itself and says nothing about facts that could not be read, which is a finding of its own.</summary>
/// <param name="name">Name, stable, lower case with dashes.</param>
/// <param name="severity">What it weighs when it finds something.</param>
internal abstract class PreflightCheck(string name, FindingSeverity severity)
{
    /// <summary>Name of the check.</summary>
    public string Name { get; } = name;

    /// <summary>What it finds; nothing when all is well.</summary>
    public abstract IEnumerable<Finding> Look(PreflightFacts facts);

    /// <summary>A finding: what was found and what to do.</summary>
    protected Finding Found(string message) => new(Name, severity, message);

    /// <summary>One finding when <paramref name="condition"/> holds.</summary>
    protected IEnumerable<Finding> When(bool condition, string message) => condition ? [Found(message)] : [];

    /// <summary>Names in one line, the first few of them.</summary>
    protected static string Few(IReadOnlyCollection<string> names)
    {
        const int Shown = 5;
        string few = string.Join(", ", names.Take(Shown));
        return names.Count > Shown ? $"{few} and {names.Count - Shown} more" : few;
    }
}
