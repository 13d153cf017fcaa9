using System.Runtime.InteropServices;

namespace Rotation.Worker.Commands;

/// <summary>
/// Ends the process at the second Ctrl-C, and every kops that it runs: for whoever does not want to wait until the first has let a command end in order. A rotation whose
/// worker ends so is gone on with as after any crash.
/// </summary>
/// <remarks>Made while a command runs: of several that hear a signal the newest hears it first, and the library's own waits for the command's end.</remarks>
internal sealed class SecondInterrupt : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _seen;

    public SecondInterrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Hear());

    public void Dispose() => _registration.Dispose();

    private void Hear()
    {
        if (Interlocked.Increment(ref _seen) > 1)
            Environment.Exit(ExitCode.Interrupted);
    }
}
