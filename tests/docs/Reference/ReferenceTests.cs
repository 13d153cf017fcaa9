using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Docs.Reference;

/// <summary>The pages of <c>docs/reference</c> are made from the code. <c>make reference</c> writes them anew.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Inputs_are_as_the_code_has_them() => Holds("inputs.md", InputsPage.Render());

    [Fact]
    public void Configuration_is_as_the_code_has_it() => Holds("configuration.md", ConfigurationPage.Render());

    [Fact]
    public void Errors_are_as_the_code_has_them() => Holds("errors.md", ErrorsPage.Render());

    [Fact]
    public void Metrics_are_as_the_code_has_them() => Holds("metrics.md", MetricsPage.Render());

    [Fact]
    public void States_are_as_the_code_has_them() => Holds("states.md", StatesPage.Render());

    [Fact]
    public async Task Commands_are_as_the_code_has_them() => Holds("commands.md", await CommandsPage.RenderAsync());

    private static void Holds(string page, string text)
    {
        string path = RepositoryRoot.Combine("docs", "reference", page);
        text = $"<!-- Made from the code by 'make reference'. -->\n{text}";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        File.Exists(path).ShouldBeTrue($"{path} is missing; write it with: make reference");
        File.ReadAllText(path).ShouldBe(text, $"{page} is not what the code says; write it anew with: make reference");
    }
}
