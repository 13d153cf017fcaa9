using System.Text.Json;
using System.Text.RegularExpressions;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Rotation.Tests.Docs.Deploy;

/// <summary>What can be checked here of what people deploy.</summary>
public sealed partial class DeployTests
{
    [Fact]
    public void Every_file_of_json_and_yaml_can_be_read()
    {
        foreach (string file in DeployFiles.All(".json"))
            Should.NotThrow(() => JsonDocument.Parse(File.ReadAllText(file)).Dispose(), file);
        foreach (string file in DeployFiles.All(".yaml", ".yml"))
            Should.NotThrow(() => DeployFiles.Yaml(File.ReadAllText(file)), file);
    }

    [Theory]
    [InlineData("base", 8)]
    [InlineData("overlays/aws", 8)]
    [InlineData("overlays/codec-server", 11)]
    public async Task Kustomize_builds_it_and_every_pod_is_restricted(string folder, int objects)
    {
        (int exitCode, string output, string errors) = await Tool.RunAsync("kubectl", "kustomize", $"deploy/kustomize/{folder}");
        exitCode.ShouldBe(0, errors);
        IReadOnlyList<YamlMappingNode> built = DeployFiles.Yaml(output);

        built.Count.ShouldBe(objects);
        YamlNode[] pods = [.. built.Select(o => o.At("spec", "template", "spec")).OfType<YamlNode>()];
        pods.ShouldNotBeEmpty();
        foreach (YamlNode pod in pods)
            PodMustBeRestricted(pod);
    }

    [Fact]
    public async Task Systemd_understands_the_unit()
    {
        (_, string output, string errors) = await Tool.RunAsync("systemd-analyze", "verify", "deploy/systemd/rotation-worker.service");

        // The executable is not installed on the machine that tests.
        (output + errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Contains("rotation-worker.service", StringComparison.Ordinal) && !l.Contains("/opt/rotation/rotation is not executable", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_chart_uses_no_value_that_it_does_not_have_and_has_none_that_it_does_not_use()
    {
        string templates = string.Join('\n', Directory.EnumerateFiles(RepositoryRoot.Combine("deploy", "helm", "rotation", "templates")).Select(File.ReadAllText));
        YamlMappingNode values = DeployFiles.Yaml(File.ReadAllText(RepositoryRoot.Combine("deploy", "helm", "rotation", "values.yaml")))[0];
        string[] used = [.. ValuePath().Matches(templates).Select(m => m.Groups[1].Value).Distinct()];

        used.Where(u => values.At(u.Split('.')) is null).ShouldBeEmpty();
        values.Children.Keys.Select(k => k.ToString()).Where(k => !used.Any(u => u.Split('.')[0] == k)).ShouldBeEmpty();
        JsonElement schema = DeployFiles.Json("helm", "rotation", "values.schema.json");
        values.Children.Keys.Select(k => k.ToString()).Where(k => !schema.GetProperty("properties").TryGetProperty(k, out _)).ShouldBeEmpty();
    }

    [Fact]
    public void The_role_that_reads_changes_nothing_and_the_one_that_changes_is_bound_to_the_cluster()
    {
        foreach (string action in Statements("read.json").SelectMany(Actions))
            Regex.IsMatch(action, @":(Describe|Get|List)").ShouldBeTrue(action);
        foreach (JsonElement statement in Statements("mutate.json"))
            (Text(statement, "Resource").Contains("CLUSTER", StringComparison.Ordinal) || statement.TryGetProperty("Condition", out _)).ShouldBeTrue(statement.GetProperty("Sid").GetString());
    }

    private static void PodMustBeRestricted(YamlNode pod)
    {
        pod.At("securityContext", "runAsNonRoot")!.ToString().ShouldBe("true");
        pod.At("securityContext", "seccompProfile", "type")!.ToString().ShouldBe("RuntimeDefault");
        foreach (YamlNode container in ((YamlSequenceNode)pod.At("containers")!).Children)
        {
            container.At("securityContext", "readOnlyRootFilesystem")!.ToString().ShouldBe("true");
            container.At("securityContext", "allowPrivilegeEscalation")!.ToString().ShouldBe("false");
            ((YamlSequenceNode)container.At("securityContext", "capabilities", "drop")!).Children.ShouldHaveSingleItem().ToString().ShouldBe("ALL");
            container.At("resources", "limits", "memory").ShouldNotBeNull();
        }
    }

    private static JsonElement[] Statements(string file) => [.. DeployFiles.Json("iam", file).GetProperty("Statement").EnumerateArray()];

    private static IEnumerable<string> Actions(JsonElement statement) =>
        statement.GetProperty("Action") is { ValueKind: JsonValueKind.Array } many ? many.EnumerateArray().Select(a => a.GetString()!) : [statement.GetProperty("Action").GetString()!];

    private static string Text(JsonElement statement, string name) => statement.GetProperty(name).GetRawText();

    [GeneratedRegex(@"\.Values\.([A-Za-z.]+)")]
    private static partial Regex ValuePath();
}
