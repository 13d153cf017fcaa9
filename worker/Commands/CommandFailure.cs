namespace Rotation.Worker.Commands;

/// <summary>Ends a command with an exit code and a message for a person: what failed, on what, what to do.</summary>
internal sealed class CommandFailure(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public static CommandFailure Usage(string message) => new(Commands.ExitCode.Usage, message);

    public static CommandFailure Refused(string message) => new(Commands.ExitCode.Refused, message);

    public static CommandFailure Failed(string message, Exception? inner = null) => new(Commands.ExitCode.Failed, message, inner);

    public static CommandFailure Unreachable(string message, Exception? inner = null) => new(Commands.ExitCode.Unreachable, message, inner);
}
