using System.Diagnostics;
using Rotation.Lab.Probes;
using Rotation.Worker.Commands;
using Rotation.Worker.Labs;
using Rotation.Worker.Rotations;
using Rotation.Worker.Views;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Worker.Demo;

/// <summary>Server, lab, probes and worker in one process, and one rotation through all of them.</summary>
internal sealed class DemoRun(Invocation call, LabFolder folder, LabPlan plan, bool keep)
{
    private const string Id = "rotation-demo";

    // Nobody waits for the demo's workloads, and every worker has a replacement ahead of it.
    private static readonly RollOptions Roll = new() { MaxSurge = "100%", ClusterBudget = "50%" };
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Runs it to its end.</summary>
    public async Task<DemoReport> RunAsync()
    {
        call.Terminal.Warn(plan.StateStore is { } store
            ? $"A lab cluster from a copy of {store}, {plan.Speed} times faster than real."
            : $"A lab cluster of {plan.ControlPlane} control-plane and {plan.Nodes} worker nodes, {plan.Speed} times faster than real.");
        await using LabStage stage = await LabStage.StartAsync(folder, plan, call.Terminal.Debug, call.Cancel).ConfigureAwait(false);
        await using ProbeSet probes = ProbeSet.Start(stage.Lab.Cluster, folder.Kubeconfig, plan.ProbeRate);
        return await RotateAsync(stage.Client, probes, stage.Lab.Cluster.GetStatus().Nodes.Count(n => n.Role == "control-plane")).ConfigureAwait(false);
    }

    private async Task<DemoReport> RotateAsync(ITemporalClient client, ProbeSet probes, int servers)
    {
        var request = new RotateKeypairsRequest { Cluster = plan.Cluster, Approvals = new ApprovalPolicy { Auto = true }, Roll = Roll };
        await client.StartWorkflowAsync(RotationIds.KeypairsType, [request], new WorkflowOptions(Id, TaskQueues.Rotation)).ConfigureAwait(false);
        var watch = new DemoWatch(new RotationReader(client), probes);
        IWatchView view = call.Terminal.IsLive ? new LiveView(call.Terminal, Id) : new LineView(call.Terminal);
        RotationStatus status = await watch.FollowAsync(Id, view, call.Cancel).ConfigureAwait(false);
        await watch.SeeRefusalsAsync(call.Cancel).ConfigureAwait(false);
        ProbeSnapshot seen = probes.Snapshot();
        foreach (ProbeFailure failure in seen.Failures.Where(f => f.Class != ProbeClasses.OldAdmin && (servers > 1 || f.Kind != ProbeFailure.NoAnswer)).Take(10))
            call.Terminal.Warn($"failed request at {failure.At:HH:mm:ss.fff}: {failure.Client} to {failure.Server}: {failure.Kind}: {failure.Reason}");
        return DemoReport.Of(status, seen, servers, _watch.Elapsed, keep ? folder.Root : null);
    }
}
