using System.Text.RegularExpressions;

namespace Rotation.Tests.Support;

/// <summary>One JSON of <c>docs/temporal-ui.md</c> that people are told to start a workflow with.</summary>
/// <param name="Workflow">Type of the workflow.</param>
/// <param name="Json">The text, as it stands there.</param>
public sealed partial record DocumentedInput(string Workflow, string Json)
{
    /// <summary>All of them in order; the first of a workflow is its smallest.</summary>
    public static IReadOnlyList<DocumentedInput> All { get; } =
        [.. Blocks().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "temporal-ui.md"))).Select(b => new DocumentedInput(b.Groups[1].Value, b.Groups[2].Value.Trim()))];

    /// <summary>The cluster that it names.</summary>
    public string Cluster => ClusterName().Match(Json).Groups[1].Value;

    /// <summary>The smallest JSON of a workflow, with a domain of its own.</summary>
    public static DocumentedInput SmallestOf(string workflow) => All.First(d => d.Workflow == workflow).Alone();

    /// <summary>The same with the clusters of a domain of its own: tests share a server, and locks are by name.</summary>
    public DocumentedInput Alone() => this with { Json = Json.Replace("example.com", $"{RandomId.New("t")}.example.com", StringComparison.Ordinal) };

    [GeneratedRegex("```json workflow=(\\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("\"cluster\": *\"([^\"]+)\"")]
    private static partial Regex ClusterName();
}
