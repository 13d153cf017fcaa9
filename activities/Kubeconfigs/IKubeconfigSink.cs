namespace Rotation.Activities.Kubeconfigs;

/// <summary>One place a cluster's kubeconfig is delivered to. Every member may be repeated. Fails with <c>SinkFailed</c>, retried.</summary>
internal interface IKubeconfigSink
{
    /// <summary>What it holds, or null when it holds nothing.</summary>
    Task<byte[]?> ReadAsync(string cluster, CancellationToken ct);

    /// <summary>Replaces what it holds, in one step where the place can.</summary>
    Task WriteAsync(string cluster, byte[] content, CancellationToken ct);

    /// <summary>Leaves it holding nothing.</summary>
    Task DeleteAsync(string cluster, CancellationToken ct);
}
