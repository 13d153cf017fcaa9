using Temporalio.Common;

namespace Rotation.Workflows;

/// <summary>The search attributes of a rotation, all keywords. They must be registered on the server before the first rotation starts.</summary>
public static class RotationSearchAttributes
{
    /// <summary>kOps cluster name.</summary>
    public static readonly SearchAttributeKey<string> Cluster = SearchAttributeKey.CreateKeyword("RotationCluster");

    /// <summary>Workflow type, such as <c>RotateKeypairs</c>.</summary>
    public static readonly SearchAttributeKey<string> Kind = SearchAttributeKey.CreateKeyword("RotationKind");

    /// <summary>Step, such as <c>3-promote</c>.</summary>
    public static readonly SearchAttributeKey<string> Step = SearchAttributeKey.CreateKeyword("RotationStep");

    /// <summary>A value of <see cref="Contracts.RotationState"/>, such as <c>AwaitingApproval</c>.</summary>
    public static readonly SearchAttributeKey<string> State = SearchAttributeKey.CreateKeyword("RotationState");

    /// <summary>All of them, for registration.</summary>
    public static IReadOnlyList<SearchAttributeKey<string>> All { get; } = [Cluster, Kind, Step, State];
}
