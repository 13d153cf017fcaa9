using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Fleet;

/// <summary>Starts the rotations of a fleet, hears when one ends, and reads where the others are.</summary>
internal sealed class FleetRotations(FleetRun run)
{
    private readonly List<string> _ended = [];

    /// <summary>True when a rotation has ended that was not read since.</summary>
    public bool HasEnded => _ended.Count > 0;

    /// <summary>Starts the rotation of a row.</summary>
    public async Task StartAsync(int row)
    {
        FleetCluster cluster = run.Fleet.Clusters[row];
        FleetProcedure procedure = FleetProcedure.Of(FleetInputs.KindOf(run.Fleet, cluster));
        string id = IdOf(row);
        try
        {
            ChildWorkflowHandle rotation = await Workflow.StartChildWorkflowAsync(procedure.WorkflowType, [FleetInputs.Of(run.Fleet, cluster)], new()
            {
                Id = id,
                StaticSummary = $"{cluster.Cluster}, {run.Book.Waves[run.Book.Rows[row].Wave]}",
                // It holds the cluster's lock, has gates of its own and must never be left half done: whatever becomes of the fleet, it goes on.
                ParentClosePolicy = ParentClosePolicy.Abandon,
                CancellationToken = CancellationToken.None,
            });
            run.Book.Started(row, id, Workflow.UtcNow);
            _ = HearAsync(rotation);
        }
        catch (WorkflowAlreadyStartedException)
        {
            run.Book.NotStarted(row, $"a workflow {id} runs already", Workflow.UtcNow);
        }
    }

    /// <summary>Reads those that have ended, or all that may still change.</summary>
    public async Task ReadAsync(TimeSpan holdLimit)
    {
        string[] ids = _ended.Count > 0 ? [.. _ended] : [.. run.Book.Open];
        _ended.Clear();
        if (ids.Length == 0)
            return;
        try
        {
            var input = new RotationsToRead(ids);
            RotationReadings read = await Workflow.ExecuteActivityAsync((IFleetActivities a) => a.ReadRotationsAsync(input), ActivityProfiles.Read($"reads {ids.Length} rotations"));
            foreach (RotationReading reading in read.Rotations)
                run.Book.Take(reading, Workflow.UtcNow, holdLimit);
        }
        catch (ActivityFailureException e)
        {
            // The rotations go on all the same; they are read again at the next turn.
            run.Board.Failed(Failures.Describe(e));
        }
    }

    /// <summary>Asks every rotation at work to cancel.</summary>
    public async Task CancelAllAsync()
    {
        foreach (string id in run.Book.Open)
        {
            try
            {
                await Workflow.GetExternalWorkflowHandle(id).CancelAsync();
            }
            catch (FailureException)
            {
                // It has ended; that is what the next reading says.
                _ended.Add(id);
            }
        }
    }

    private async Task HearAsync(ChildWorkflowHandle rotation)
    {
        try
        {
            await rotation.GetResultAsync();
        }
        catch (FailureException)
        {
            // What became of it is read like everything else, so that it is told in one way.
            _ended.Add(rotation.Id);
            return;
        }

        _ended.Add(rotation.Id);
    }

    // The same name may stand in two state stores.
    private string IdOf(int row)
    {
        int before = run.Fleet.Clusters.Take(row).Count(c => c.Cluster == run.Fleet.Clusters[row].Cluster);
        return $"{Workflow.Info.WorkflowId}-{run.Fleet.Clusters[row].Cluster}{(before > 0 ? $"-{before + 1}" : "")}";
    }
}
