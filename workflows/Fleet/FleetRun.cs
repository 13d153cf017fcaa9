using System.Security.Cryptography;
using System.Text.Json;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Serialization;

namespace Rotation.Workflows.Fleet;

/// <summary>What a fleet shares with the machinery of procedures: its waves are steps with gates before them.</summary>
internal sealed class FleetRun : ProcedureRun
{
    public FleetRun(RotateFleetRequest fleet, FleetBook book)
        : base(new Gates { Cluster = $"{fleet.Clusters.Count} clusters", Approvals = fleet.Approvals, RequestedBy = fleet.RequestedBy }, nameof(RotateFleet), book.Waves)
    {
        Fleet = fleet;
        Book = book;
    }

    public RotateFleetRequest Fleet { get; }

    public FleetBook Book { get; }

    /// <summary>Shows the hash that approvals are bound to: of everything that was asked for.</summary>
    public void ShowPlan()
    {
        byte[] plan = JsonSerializer.SerializeToUtf8Bytes(Fleet with { Progress = [] }, RotationDataConverter.Json);
        Begin(new ClusterFacts(), Convert.ToHexStringLower(SHA256.HashData(plan)), _ => null);
    }

    /// <summary>Whether people are asked before a wave.</summary>
    public bool HasGate(int wave) => Fleet.Gates == FleetGates.EveryWave ? wave > 0 : Fleet.Gates == FleetGates.AfterCanary && Fleet.Canary > 0 && wave == 1;

    private sealed record Gates : ProcedureRequest;
}
