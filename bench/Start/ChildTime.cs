using System.Runtime.InteropServices;

namespace Rotation.Bench.Start;

/// <summary>Processor time of all children that have ended.</summary>
internal static class ChildTime
{
    private const int Children = -1;

    public static double Seconds
    {
        get
        {
            // Two timevals stand first in struct rusage: user and system.
            long[] usage = new long[18];
            return GetResourceUsage(Children, usage) == 0 ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6) : throw new InvalidOperationException("getrusage failed.");
        }
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetResourceUsage(int who, [Out] long[] usage);
}
