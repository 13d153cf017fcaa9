using System.Runtime.InteropServices;

namespace Rotation.Worker.Hosting;

/// <summary>A worker holds keys in its memory, so the kernel may write no core file of it, whatever the host's limits say.</summary>
internal static partial class CoreDumps
{
    private const int SetDumpable = 4;

    /// <summary>Forbids them for this process; what it starts is not affected.</summary>
    public static void Forbid()
    {
        if (Prctl(SetDumpable, 0, 0, 0, 0) != 0)
            throw new InvalidOperationException($"prctl(PR_SET_DUMPABLE) failed with error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nint a, nint b, nint c, nint d);
}
