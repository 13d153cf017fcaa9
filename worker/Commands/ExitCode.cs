namespace Rotation.Worker.Commands;

/// <summary>Every exit code of <c>rotation</c>, in one table. <c>rotation lab kops</c> alone has kops' own.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int Waiting = 4;
    public const int Unreachable = 5;
    public const int Interrupted = 130;

    /// <summary>What each means, as the help prints it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
        [
            (Done, "done, or at work and in no need of anybody"),
            (Failed, "failed, or rolled back"),
            (Usage, "usage: the command line or an input is wrong; nothing was done"),
            (Refused, "refused by a rule: the rotation, the gate or the cluster does not allow it"),
            (Waiting, "waiting on a person"),
            (Unreachable, "cannot reach the Temporal server, a worker or the lab"),
            (Interrupted, "interrupted"),
        ];
}
