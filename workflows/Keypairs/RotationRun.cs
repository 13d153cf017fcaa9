using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Keypairs;

/// <summary>What the six steps share: the request, the plan, and a ledger a keyset.</summary>
internal sealed class RotationRun(RotateKeypairsRequest request) : ProcedureRun(request, nameof(RotateKeypairs), StepNames.All)
{
    public override RotateKeypairsRequest Request { get; } = request;

    public RotationPlan Plan { get; private set; } = new();

    public IReadOnlyList<KeysetLedger> Ledgers { get; private set; } = [];

    /// <summary>The ledger of the cluster's CA, or null when it is not rotated.</summary>
    public KeysetLedger? ClusterCa => Ledgers.FirstOrDefault(l => l.Name == TrustCheck.ClusterCa);

    public void Begin(ClusterSnapshot snapshot, RotationPlan plan)
    {
        Plan = plan;
        Ledgers = [.. snapshot.Keysets.Select(k => new KeysetLedger(k))];
        Begin(snapshot.Facts, plan.PlanHash, snapshot.SkipOf);
    }

    public override void Recorded() => Board.SetKeysets([.. Ledgers.Select(l => l.ToStatus())]);
}
