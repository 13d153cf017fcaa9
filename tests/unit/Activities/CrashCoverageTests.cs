using System.Reflection;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Activities;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class CrashCoverageTests
{
    private static readonly Type[] Contracts =
    [
        typeof(IClusterActivities), typeof(IKeysetActivities), typeof(IKopsRollActivities), typeof(IKubeconfigActivities), typeof(ISecretActivities), typeof(ILegacyActivities),
        typeof(INodeActivities), typeof(IStoredSecretActivities),
    ];
    private static readonly string[] Reading = ["Read", "Preview", "Validate", "Find", "Prove", "Count", "Await"];

    // They change the cloud, and are run against the lab's: tests/lab/Activities/NodeCrashTests.
    private static readonly string[] InLab = ["DetachInstance", "TerminateInstance"];

    [Fact]
    public void Every_activity_that_changes_something_is_run_to_each_crash_point_by_a_test()
    {
        string[] changing = [.. Contracts.SelectMany(c => c.GetMethods()).Where(m => m.GetCustomAttribute<ActivityAttribute>() is not null).Select(m => m.Name[..^"Async".Length]).Where(n => !Reading.Any(r => n.StartsWith(r, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];

        string[] tested = [.. typeof(CrashCoverageTests).Assembly.GetTypes().SelectMany(t => t.GetCustomAttribute<CrashTestedAttribute>()?.Activities ?? []).Distinct().Order(StringComparer.Ordinal)];

        changing.Except(tested).Except(InLab).ShouldBeEmpty("Write a test that kills the activity before, during and after its effect and runs it again, and one that runs two at once; then name it in [CrashTested] there.");
        tested.Except(changing).ShouldBeEmpty();
    }
}
