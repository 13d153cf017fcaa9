using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Looks for everything that would make a rotation fail halfway, before anything is changed.</summary>
public interface IPreflightActivities
{
    /// <summary>
    /// Reads cluster, state store, cloud, Kubernetes API, sinks and worker, and judges them by named checks. Reads only. What was found is a result, not a failure: a source that cannot
    /// be read is itself a finding. A fault that may pass is retried twice before it becomes one.
    /// </summary>
    [Activity]
    Task<PreflightResult> RunPreflightAsync(PreflightInput input);
}

/// <summary>What is going to be done.</summary>
public sealed record PreflightInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Keysets to rotate; <c>all</c> stands for every keyset that kops can rotate.</summary>
    public IReadOnlyList<string> Keysets { get; init; } = ["all"];

    /// <summary>Policy for new certificates, or null: kops makes them.</summary>
    public KeypairPolicy? Policy { get; init; }

    /// <summary>Name of a keypair that the worker's configuration supplies for <see cref="Keysets"/>, or null.</summary>
    public string? Supplied { get; init; }

    /// <summary>Lifetime of the admin certificates that will be delivered.</summary>
    public KopsDuration AdminTtl { get; init; } = KopsDuration.FromHours(18);

    /// <summary>How long the rotation is forecast to take, gates included. Default 24 hours.</summary>
    public KopsDuration Forecast { get; init; } = KopsDuration.FromHours(24);

    /// <summary>How nodes will be replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>Names of the sinks that will get kubeconfigs. Empty: the worker's default sinks.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];

    /// <summary>Names of the notifiers that will be told. Empty: the worker's default notifiers.</summary>
    public IReadOnlyList<string> Notifiers { get; init; } = [];
}

/// <summary>What was found.</summary>
/// <param name="Findings">Errors first, then by name of the check; at most 20 of one check.</param>
/// <param name="Checks">Names of the checks that were made, sorted.</param>
public sealed record PreflightResult(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Checks);
