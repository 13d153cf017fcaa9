using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Rotation.Activities.Kops;

/// <summary>Signals a process and everything it started: it leads a session and a process group of its own, made by <c>setsid</c>.</summary>
internal static partial class ProcessGroup
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly ConcurrentDictionary<int, Tie> Tied = new();

    static ProcessGroup() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (int group in Tied.Keys)
            EndRest(group);
    };

    /// <summary>Until it is disposed the group ends with this process, in whatever order that ends; only where this one is killed does the group go on, until its own deadline.</summary>
    public static IDisposable EndWithUs(Process leader) => Tied[leader.Id] = new Tie(leader.Id);

    /// <summary>Asks the group to end, kills it after the grace, and waits until it is gone. Returns when nothing of the group runs any more.</summary>
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

        // The second signal is on its way to the others: one that still runs can still write.
        using var timer = new PeriodicTimer(Look);
        while (IsRunning(group))
            await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Kills what is left of a group, also after its leader ended: children must not outlive the command.</summary>
    public static void EndRest(int group) => Kill(-group, SigKill);

    private static bool IsRunning(int group) => Directory.EnumerateDirectories("/proc").Any(folder => int.TryParse(Path.GetFileName(folder), out _) && IsRunningIn(folder, group));

    // After the name, which may hold anything, /proc/PID/stat says: state, parent, group. Zombies and the dead do nothing any more, whoever should bury them.
    private static bool IsRunningIn(string folder, int group)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 4);
            return fields[2] == group.ToString(CultureInfo.InvariantCulture) && fields[0] is not ("Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
            return false;
        }
    }

    private sealed record Tie(int Group) : IDisposable
    {
        public void Dispose() => Tied.TryRemove(Group, out _);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
