namespace Rotation.Activities.Kops;

/// <summary>One call of kops: arguments as a list, never through a shell.</summary>
internal sealed record KopsCommand
{
    /// <summary>Arguments without <c>--name</c> and <c>--state</c>, which are given by flag and environment.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>How long it may take before it is ended with all its children.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>File that kops and all its children hold locked while one of them lives; null for a command that only reads.</summary>
    public string? HeldLock { get; init; }

    /// <summary>Kubeconfig that kops may use and change; null: an empty place, so that kops never touches the one of the user it runs as.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Whether an exit code other than 0 is an answer and no failure.</summary>
    public bool MayFail { get; init; }

    /// <summary>Told of every line of standard output and standard error as it comes, one at a time, unredacted; null: nobody.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Arguments in one line, for people. They carry names, ids and paths, never a secret.</summary>
    public override string ToString() => "kops " + string.Join(' ', Arguments);
}

/// <summary>What kops answered. The output may hold secrets: it leaves this folder parsed or redacted.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output, bounded.</param>
/// <param name="Errors">Standard error, bounded.</param>
internal sealed record KopsAnswer(int ExitCode, string Output, string Errors);
