using System.Diagnostics;
using System.Globalization;

namespace Rotation.Bench.DevServer;

/// <summary>A server process, from its start.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string address, TimeSpan ready) => (_process, Address, Ready) = (process, address, ready);

    public string Address { get; }

    /// <summary>From the start of the process until it could be called.</summary>
    public TimeSpan Ready { get; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in MB.</summary>
    public double ResidentMb => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public static async Task<ServerProcess> StartAsync(string file)
    {
        long start = Stopwatch.GetTimestamp();
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Rotation.Bench"), ["serve", file]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(info)!;
        string address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new ServerProcess(process, address, Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
