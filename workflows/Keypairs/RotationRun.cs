using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Keypairs;

/// <summary>What the six steps share: the request, the plan, and a ledger a keyset.</summary>
internal sealed class RotationRun(RotateKeypairsRequest request) : ProcedureRun(request, nameof(RotateKeypairs), StepNames.All)
{
    private const string BegunBefore = "begun before this rotation";
    private readonly Dictionary<string, int> _delivered = [];

    public override RotateKeypairsRequest Request { get; } = request;

    /// <summary>What was read before the plan; null before that.</summary>
    public ClusterSnapshot? Snapshot { get; private set; }

    public RotationPlan Plan { get; private set; } = new();

    public IReadOnlyList<KeysetLedger> Ledgers { get; private set; } = [];

    /// <summary>What was seen last of servers, sinks and tokens.</summary>
    public Seen Seen { get; } = new();

    /// <summary>When the new keypairs had ceased to sign everywhere, on the way back; null: they did not sign, or still do.</summary>
    public DateTimeOffset? SignedByNewUntil { get; set; }

    /// <summary>The ledger of the cluster's CA, or null when it is not rotated.</summary>
    public KeysetLedger? ClusterCa => Ledgers.FirstOrDefault(l => l.Name == TrustCheck.ClusterCa);

    public override string? DoneBefore(string step) => Snapshot?.DoneBefore(step);

    public override bool WasBegunBefore(string step) => Snapshot is { Round: 1 } first && first.Adoption.HasBegun(step);

    public void Begin(ClusterSnapshot snapshot, RotationPlan plan)
    {
        Snapshot = snapshot;
        Plan = plan;
        Ledgers = [.. snapshot.Adoption.Keysets.Select(KeysetLedger.Of)];
        foreach (FoundKeyset found in snapshot.Adoption.Keysets)
            NoteFound(found);
        Begin(snapshot.Facts, plan.PlanHash, snapshot.SkipOf);
    }

    /// <summary>Takes over the plan to go forward again.</summary>
    public void Replan(ClusterSnapshot snapshot, RotationPlan plan)
    {
        Snapshot = snapshot;
        Plan = plan;
        Replan(plan.PlanHash);
    }

    /// <summary>Notes that a step begins to deliver in this round.</summary>
    public void Delivers(string step) => _delivered[step] = Snapshot?.Round ?? 1;

    public override string? NewCa => ClusterCa?.StagedId;

    public override string DeliveryOf(string step) => _delivered.GetValueOrDefault(step, 1) is > 1 and var round ? $"{step}-{round}" : step;

    public override void Delivered(IReadOnlyList<Delivery> deliveries) => Seen.Deliveries = deliveries;

    public override void Recorded() => Board.SetKeysets([.. Ledgers.Select(l => l.ToStatus())]);

    private void NoteFound(FoundKeyset found)
    {
        if (found.Made is not null)
            Note(StepNames.Stage, KeypairCommands.Staging(found.Name));
        if (found.Progress >= KeysetProgress.Promoted)
            Note(StepNames.Promote, KeypairCommands.Promoting(found.Name));
        if (found.Progress != KeysetProgress.Distrusted)
            return;
        foreach (string id in found.Before.TrustedIds())
            Note(StepNames.Distrust, KeypairCommands.Distrusting(found.Name, id));
        Note(StepNames.Distrust, Rollout.UpdateBegun);
        Board.MarkBegun(StepNames.Distrust, BegunBefore);
        Controls.ForceBecause = DistrustStep.WhyForce;
    }
}
