using System.Text;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Machine;

namespace Rotation.Tests.Docs.Reference;

/// <summary><c>docs/reference/states.md</c>: the states of a rotation and what leads from one to another.</summary>
internal static class StatesPage
{
    private static readonly XmlDocs Docs = new(Names.Field, typeof(RotationState).Assembly);

    public static string Render()
    {
        var page = new StringBuilder("# States\n\nThe states of a rotation, as in the search attribute `RotationState`, and everything that leads from one to another. What is not here is refused.\n\n```mermaid\nstateDiagram-v2\n    [*] --> Running\n");
        foreach (IGrouping<(RotationState From, RotationState To), RotationTransition> arrow in RotationTransitions.All.GroupBy(t => (t.From, t.To)))
            page.Append($"    {arrow.Key.From} --> {arrow.Key.To}: {string.Join(", ", arrow.Select(t => t.On))}\n");
        foreach (RotationState end in Enum.GetValues<RotationState>().Where(RotationTransitions.IsEnd))
            page.Append($"    {end} --> [*]\n");
        page.Append("```\n\n| state | means |\n|---|---|\n");
        foreach (RotationState state in Enum.GetValues<RotationState>())
            page.Append($"| `{state}` | {Of(state)} |\n");
        page.Append("\n| event | means |\n|---|---|\n");
        foreach (RotationEvent happened in Enum.GetValues<RotationEvent>())
            page.Append($"| `{happened}` | {Of(happened)} |\n");
        return page.ToString();
    }

    private static string Of<T>(T value)
        where T : struct, Enum => Names.Cell(Docs.Of(typeof(T).GetField($"{value}")!));
}
