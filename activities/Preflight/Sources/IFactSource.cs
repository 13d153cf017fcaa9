using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>Reads one part of the facts. Changes nothing anywhere.</summary>
internal interface IFactSource
{
    /// <summary>Name of the finding when it cannot be read, such as <c>api-unreachable</c>.</summary>
    string Unread { get; }

    /// <summary>What it weighs that this part is not known.</summary>
    FindingSeverity Severity { get; }

    /// <summary>The facts with this part in them.</summary>
    Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct);
}
