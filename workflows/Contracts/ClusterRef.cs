namespace Rotation.Workflows.Contracts;

/// <summary>Which cluster an activity works on: every activity input carries one. No address of a private thing and no credential is in it.</summary>
public sealed record ClusterRef
{
    /// <summary>kOps cluster name, a DNS name such as <c>prod.example.com</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>kOps state store, <c>s3://bucket</c> or <c>file:///folder</c>. Null: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>The rotation that acts, for logs, locks, records and what is kept for its way back: workflow id and first run, because ids are used again. Never the attempt.</summary>
    public string Rotation { get; init; } = "";
}
