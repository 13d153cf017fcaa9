using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Legacy;

/// <summary>What the steps of the disruptive procedure share. What was begun stays noted, also when its step was taken back: the way back of step 2 must know.</summary>
internal sealed class LegacyRun(LegacyRotationRequest request) : ProcedureRun(request, nameof(LegacyRotation), LegacySteps.All)
{
    public override LegacyRotationRequest Request { get; } = request.AllowNewerKops && request.Approvals.Quorum < 2 ? request with { Approvals = request.Approvals with { Quorum = 2 } } : request;

    public LegacyPlan Plan { get; private set; } = new();

    /// <summary>Keysets as they were before: no step changes these ledgers.</summary>
    public IReadOnlyList<KeysetLedger> Before { get; private set; } = [];

    /// <summary>Keysets that kops made, once it has; they have no history.</summary>
    public IReadOnlyList<KeysetLedger> Made { get; set; } = [];

    public BackupState Backup { get; set; } = new(0, "");

    public bool DeleteBegun { get; set; }

    public bool UpdateBegun { get; set; }

    public bool DeliverBegun { get; set; }

    public bool TokensBegun { get; set; }

    public void Begin(ClusterFacts facts, KeysetList keysets, LegacyPlan plan)
    {
        Plan = plan;
        Before = [.. keysets.Keysets.Select(k => new KeysetLedger(k))];
        Begin(facts, plan.PlanHash, _ => null);
    }

    public static KeysetLedger? CaOf(IReadOnlyList<KeysetLedger> ledgers) => ledgers.FirstOrDefault(l => l.Name == TrustCheck.ClusterCa);

    public override void Recorded() => Board.SetKeysets(
    [
        .. Before.Select(b => new KeysetRotation { Name = b.Name, PrimaryBefore = b.PrimaryId, PrimaryAfter = Made.FirstOrDefault(m => m.Name == b.Name)?.PrimaryId ?? (DeleteBegun ? "" : b.PrimaryId) }),
    ]);
}
