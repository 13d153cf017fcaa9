using System.Reflection;
using System.Text.Json;
using Rotation.Tests.Docs.Reference;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Docs.Examples;

/// <summary>The JSON that the docs tell people to type. <c>tests/workflow</c> starts workflows with it; here nothing in it may be unknown.</summary>
public sealed class DocumentedInputsTests
{
    [Fact]
    public void Every_json_of_the_temporal_ui_page_is_an_input_of_its_workflow()
    {
        foreach (DocumentedInput documented in DocumentedInput.All)
        {
            Type workflow = RotationWorkflows.Types.Single(t => t.Name == documented.Workflow);
            var input = (PersonInput)JsonSerializer.Deserialize(documented.Json, InputsPage.InputOf(workflow)!, RotationDataConverter.Json)!;
            AllProblems(input).ShouldBeEmpty(documented.Json);
        }

        DocumentedInput.All.Select(d => d.Workflow).Distinct().Order().ShouldBe(RotationWorkflows.Types.Where(IsStartedByPeople).Select(t => t.Name).Order());
    }

    private static bool IsStartedByPeople(Type workflow) =>
        InputsPage.InputOf(workflow) is { } input && typeof(PersonInput).IsAssignableFrom(input) && workflow != typeof(ClusterLock);

    private static IEnumerable<string> AllProblems(PersonInput input) => input.Problems.Concat(input.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(p => p.GetValue(input)).OfType<PersonInput>().SelectMany(AllProblems));
}
