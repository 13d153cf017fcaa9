using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>RotateSecret</c>. Cluster and secret are required: <c>{"cluster":"prod.example.com","secret":"encryptionConfig"}</c> is a complete, safe start.</summary>
public sealed record RotateSecretRequest : ProcedureRequest
{
    /// <summary>The secret: <c>encryptionConfig</c>, <c>ciliumPassword</c>, <c>dockerConfig</c> or <c>weavePassword</c>. Required.</summary>
    public SecretName? Secret { get; init; }

    /// <summary>For <c>ciliumPassword</c>: how long the agents of Cilium are given to take up the key, which no node is replaced for. Default 10m.</summary>
    public KopsDuration Settle { get; init; } = KopsDuration.FromMinutes(10);
}
