using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Architecture;

/// <summary>What our source files hold to, whoever wrote them.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 350;
    private static readonly string[] Product = ["workflows", "activities", "devserver", "lab", "worker"];
    private static readonly string[] All = [.. Product, "tests", "bench"];

    [Fact]
    public void No_file_is_longer_than_350_lines() =>
        Files(All).Where(f => File.ReadLines(f).Count() > LongestFile).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Half_of_the_files_of_each_project_are_short()
    {
        foreach (string project in Product)
        {
            int[] lengths = [.. Files([project]).Select(f => File.ReadLines(f).Count()).Order()];
            lengths[lengths.Length / 2].ShouldBeLessThanOrEqualTo(80, project);
        }
    }

    [Fact]
    public void Nothing_is_left_to_do() => Files(All).Where(f => Unfinished().IsMatch(WithoutThisFile(f))).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Tests_do_not_sleep() =>
        Files(["tests"]).Where(f => !f.EndsWith("Eventually.cs", StringComparison.Ordinal) && Sleeping().IsMatch(WithoutThisFile(f))).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void No_exception_is_swallowed() => Files(Product).Where(f => EmptyCatch().IsMatch(File.ReadAllText(f))).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Product_code_names_no_folder_beside_the_repository() =>
        Files(Product).Where(f => File.ReadAllText(f).Contains("../shared", StringComparison.Ordinal)).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Only_a_backup_that_is_put_back_writes_to_a_state_store() =>
        Files(["activities"]).Where(f => Regex.IsMatch(File.ReadAllText(f), @"\bForRepair\(|\.PutBackAsync\(path")).Select(Relative).Order().ShouldBe(["activities/Legacy/LegacyBackups.cs", "activities/Stores/StateStores.cs"]);

    private static IEnumerable<string> Files(IEnumerable<string> folders) => folders
        .SelectMany(f => Directory.EnumerateFiles(RepositoryRoot.Combine(f), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    // The patterns below would find themselves.
    private static string WithoutThisFile(string file) => Path.GetFileName(file) == "SourceTests.cs" ? "" : File.ReadAllText(file);

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);

    [GeneratedRegex(@"//.*\b(TODO|FIXME|HACK)\b|throw new NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"catch(\s*\([^)]*\))?(\s*when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();
}
