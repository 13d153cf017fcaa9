namespace Rotation.Activities.Hosting;

/// <summary>One way to say what is wrong with a setting: its key, the problem, its form in the environment.</summary>
public static class SettingProblem
{
    /// <summary>For example <c>Rotation:Kops:Path is empty (in the environment: Rotation__Kops__Path).</c></summary>
    /// <param name="section">Section, such as <c>Rotation</c>.</param>
    /// <param name="key">Key in the section, such as <c>Kops:Path</c>.</param>
    /// <param name="problem">What is wrong and what is right, to be read after the key.</param>
    public static string Say(string section, string key, string problem)
    {
        string whole = $"{section}:{key}";
        return $"{whole} {problem} (in the environment: {whole.Replace(":", "__", StringComparison.Ordinal)}).";
    }
}
