using Rotation.Workflows;
using Shouldly;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class WorkflowDefinitionTests
{
    [Theory]
    [InlineData(typeof(RotateKeypairs), "RotateKeypairs")]
    [InlineData(typeof(RotateSecret), "RotateSecret")]
    [InlineData(typeof(LegacyRotation), "LegacyRotation")]
    public void Names_that_people_and_running_rotations_use_stay(Type workflow, string name)
    {
        WorkflowDefinition rotate = WorkflowDefinition.Create(workflow);
        string[] calls = ["approve", "extendGate", "pause", "reject", "resume", "rollback"];
        rotate.Name.ShouldBe(name);
        rotate.Signals.Keys.Order(StringComparer.Ordinal).ShouldBe(calls);
        rotate.Updates.Keys.Order(StringComparer.Ordinal).ShouldBe(calls);
        rotate.Queries.Keys.Order(StringComparer.Ordinal).ShouldBe(["plan", "report", "status"]);
    }

    [Fact]
    public void Every_workflow_is_listed_for_the_worker()
    {
        Type[] all = [.. typeof(RotateKeypairs).Assembly.GetTypes().Where(t => t.GetCustomAttributes(typeof(WorkflowAttribute), inherit: false).Length > 0)];
        RotationWorkflows.Types.ShouldBe(all, ignoreOrder: true);
        foreach (Type type in all)
            WorkflowDefinition.Create(type).Name.ShouldBe(type.Name);
    }
}
