using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Workflows;
using Flow = Temporalio.Workflows.Workflow;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>Stands in for RotateKeypairs: does what the first word of its cluster's name says, and counts itself in a <see cref="FleetWorld"/>.</summary>
[Workflow("RotateKeypairs")]
public sealed class ScriptedRotation
{
    private bool _go;

    [WorkflowRun]
    public async Task<RotationResult> RunAsync(RotateKeypairsRequest request)
    {
        string script = request.Cluster.Split('-')[0];
        Flow.UpsertTypedSearchAttributes(RotationSearchAttributes.Cluster.ValueSet(request.Cluster), RotationSearchAttributes.State.ValueSet("Running"), RotationSearchAttributes.Step.ValueSet("3-promote"));
        await Flow.ExecuteActivityAsync((FleetWorld w) => w.BeginAsync(request.Cluster, Flow.UtcNow), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        switch (script)
        {
            case "fail":
                throw RotationErrors.Permanent(RotationErrors.KopsUsage, "told to fail");
            case "locked":
                throw RotationErrors.Permanent(RotationErrors.ClusterLocked, "held by somebody");
            case "hold":
                Flow.UpsertTypedSearchAttributes(RotationSearchAttributes.State.ValueSet("Paused"));
                await Flow.WaitConditionAsync(() => _go);
                break;
            case "slow":
                await Flow.WaitConditionAsync(() => _go);
                break;
        }

        await Flow.ExecuteActivityAsync((FleetWorld w) => w.EndAsync(request.Cluster, Flow.UtcNow), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        RotationState end = script == "back" ? RotationState.RolledBack : RotationState.Completed;
        Flow.UpsertTypedSearchAttributes(RotationSearchAttributes.State.ValueSet(end.ToString()));
        return new() { State = end };
    }

    [WorkflowSignal("go")]
    public async Task GoAsync() => _go = true;
}
