using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rotation.Activities.Kops;

/// <summary>Signals a process and everything it started: it leads a session and a process group of its own, made by <c>setsid</c>.</summary>
internal static partial class ProcessGroup
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>Asks the group to end, kills it after the grace, and waits until its leader is gone. Returns when nothing of the group is left.</summary>
    public static async Task EndAsync(Process leader, TimeSpan grace)
    {
        int group = leader.Id;
        Kill(-group, SigTerm);
        using var patience = new CancellationTokenSource(grace);
        try
        {
            await leader.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It ignored the first signal; the second cannot be ignored.
        }

        EndRest(group);
        await leader.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Kills what is left of a group, also after its leader ended: children must not outlive the command.</summary>
    public static void EndRest(int group) => Kill(-group, SigKill);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
