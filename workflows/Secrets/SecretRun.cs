using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Secrets;

/// <summary>What the steps of one secret share: the request, the plan, and what the secret must be now.</summary>
internal sealed class SecretRun(RotateSecretRequest request) : ProcedureRun(request, nameof(RotateSecret), SecretSteps.Of(request.Secret))
{
    private readonly Dictionary<string, SecretState> _beforeStep = [];

    public override RotateSecretRequest Request { get; } = request;

    public SecretName Secret => Request.Secret ?? default;

    public SecretPlan Plan { get; private set; } = new();

    /// <summary>The secret as it was before the rotation.</summary>
    public SecretState Before => Plan.Found;

    /// <summary>The secret as this rotation left it.</summary>
    public SecretState Now { get; private set; } = new("", 0);

    /// <summary>Secrets that the last proof looked at.</summary>
    public int SecretsProved { get; set; }

    public void Begin(ClusterFacts facts, SecretPlan plan)
    {
        Plan = plan;
        Now = plan.Found;
        Begin(facts, plan.PlanHash, _ => null);
    }

    /// <summary>The secret as it was when a step changed it first.</summary>
    public SecretState BeforeOf(string step) => _beforeStep.GetValueOrDefault(step, Now);

    /// <summary>A step is about to change the secret.</summary>
    public void Changing(string step) => _beforeStep.TryAdd(step, Now);

    /// <summary>The secret was changed, or put back.</summary>
    public void Became(SecretState now) => Now = now;

    public override void Recorded() => Board.SetSecret(new() { Name = Secret, Before = Before.Sha256, After = Now.Sha256, Keys = Now.KeyCount, SecretsProved = SecretsProved });
}
