using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Lab.Activities;

/// <summary>Every mutation of a node whose connection breaks before or after its effect, and two copies of it at once: the effect happens once.</summary>
public sealed class NodeCrashTests
{
    [Theory]
    [InlineData("DetachInstances", false)]
    [InlineData("DetachInstances", true)]
    [InlineData("TerminateInstances", false)]
    [InlineData("TerminateInstances", true)]
    public async Task A_call_of_the_cloud_that_breaks_is_taken_up_and_has_its_effect_once(string action, bool afterEffect)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        await using var proxy = new DroppingProxy(run.Lab.AwsEndpoint, FreePort.Next());
        using var activities = new HandActivities(run, proxy.Address);
        NodeInput input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        proxy.DropNext(action, afterEffect);
        Func<Task> mutation = action == "DetachInstances" ? () => activities.Nodes.DetachInstanceAsync(input) : () => activities.Nodes.TerminateInstanceAsync(input);
        var broken = await Record.ExceptionAsync(() => HandActivities.RunAsync(mutation));
        await HandActivities.RunAsync(mutation);
        await HandActivities.RunAsync(mutation);

        // The SDK may have tried again by itself.
        if (broken is not null)
            broken.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe(RotationErrors.CloudUnavailable);
        proxy.Dropped.ShouldBe(1);
        string effect = action == "DetachInstances" ? LabEvents.InstanceDetached : LabEvents.InstanceTerminating;
        run.Lab.Events.Count(e => e.Kind == effect && e.Instance == input.Instance.Id).ShouldBe(1);
    }

    [Fact]
    public async Task Two_at_once_have_one_effect()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        NodeInput input = activities.Input(run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id);

        await TwiceAtOnceAsync(() => activities.Nodes.DetachInstanceAsync(input));
        await TwiceAtOnceAsync(() => activities.Nodes.CordonNodeAsync(input));
        await TwiceAtOnceAsync(() => activities.Nodes.DrainNodeAsync(new() { Cluster = input.Cluster, Instance = input.Instance }));
        await TwiceAtOnceAsync(() => activities.Nodes.TerminateInstanceAsync(input));

        foreach (string once in (string[])[LabEvents.InstanceDetached, LabEvents.NodeCordoned, LabEvents.InstanceTerminating])
            run.Lab.Events.Count(e => e.Kind == once && e.Instance == input.Instance.Id).ShouldBe(1, once);
        run.Lab.Events.Where(e => e.Kind == LabEvents.PodEvicted).Select(e => e.Pod).ShouldBeUnique();
    }

    // The one that comes second may be refused by the cloud, and is tried again by the worker's retry policy.
    private static async Task TwiceAtOnceAsync(Func<Task> activity)
    {
        Exception?[] failures = await Task.WhenAll(Record.ExceptionAsync(() => HandActivities.RunAsync(activity)).AsTask(), Record.ExceptionAsync(() => HandActivities.RunAsync(activity)).AsTask());
        failures.ShouldContain((Exception?)null);
        foreach (Exception failure in failures.OfType<Exception>())
            failure.ShouldBeOfType<ApplicationFailureException>().NonRetryable.ShouldBeFalse();
        await HandActivities.RunAsync(activity);
    }
}
