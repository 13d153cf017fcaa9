using System.Diagnostics;
using System.Globalization;

namespace Rotation.Bench.Start;

/// <summary>A process that runs until it is disposed.</summary>
/// <param name="Process">The process.</param>
/// <param name="Output">What it had written when it was ready.</param>
/// <param name="Ready">How long it took to be.</param>
internal sealed record Running(Process Process, string Output, TimeSpan Ready) : IDisposable
{
    /// <summary>Resident memory in MB.</summary>
    public double ResidentMb => double.Parse(
        File.ReadLines($"/proc/{Process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }
}
