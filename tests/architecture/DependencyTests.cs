using System.Reflection;
using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Architecture;

/// <summary>Who may see whom, by project files and by what the compiler wrote into the assemblies.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] Ours = ["Rotation.Workflows", "Rotation.Activities", "Rotation.DevServer", "Rotation.Lab", "rotation"];

    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Rotation.Workflows", [] },
        { "Rotation.Activities", ["Rotation.Workflows"] },
        { "Rotation.DevServer", [] },
        { "Rotation.Lab", [] },
        { "rotation", ["Rotation.Workflows", "Rotation.Activities", "Rotation.DevServer", "Rotation.Lab"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Assembly_references_only_ours_that_it_may(string assembly, string[] allowed) =>
        References(assembly).Intersect(Ours).Except(allowed).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Project_file_references_only_ours_that_it_may(string assembly, string[] allowed)
    {
        string folder = assembly == "rotation" ? "worker" : assembly["Rotation.".Length..].ToLowerInvariant();
        string project = File.ReadAllText(Directory.GetFiles(RepositoryRoot.Combine(folder), "*.csproj").Single());

        ProjectReference().Matches(project).Select(m => m.Groups[1].Value).Except(allowed).ShouldBeEmpty();
    }

    // Temporal's own logger comes as the abstraction of Microsoft.Extensions.Logging.
    [Fact]
    public void Workflows_use_Temporalio_and_the_runtime_only() =>
        References("Rotation.Workflows").Where(r => !r.StartsWith("System.", StringComparison.Ordinal) && r is not "netstandard").ShouldBe(["Temporalio", "Microsoft.Extensions.Logging.Abstractions"], ignoreOrder: true);

    [Theory]
    [InlineData("System.IO.FileSystem")]
    [InlineData("System.Net.")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.Threading.Thread")]
    [InlineData("System.Security.Cryptography.X509")]
    public void Workflows_reference_nothing_that_does(string forbidden) =>
        References("Rotation.Workflows").ShouldNotContain(r => r.StartsWith(forbidden, StringComparison.Ordinal));

    [Theory]
    [InlineData("Rotation.Lab")]
    public void The_lab_knows_no_Temporal(string assembly) => References(assembly).ShouldNotContain(r => r.StartsWith("Temporalio", StringComparison.Ordinal));

    private static string[] References(string assembly) => [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(r => r.Name!)];

    [GeneratedRegex("""<ProjectReference Include="[^"]*/(Rotation\.\w+)\.csproj""")]
    private static partial Regex ProjectReference();
}
