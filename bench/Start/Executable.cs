using System.Diagnostics;

namespace Rotation.Bench.Start;

/// <summary>Medians of many runs.</summary>
/// <param name="Seconds">From start to end.</param>
/// <param name="Processor">Processor time.</param>
internal sealed record Sample(double Seconds, double Processor);

/// <summary>The executable that is measured, with the environment of its processes.</summary>
internal sealed class Executable(string executable, string folder)
{
    public Dictionary<string, string> Environment { get; } = new() { ["AWS_ACCESS_KEY_ID"] = "lab", ["AWS_SECRET_ACCESS_KEY"] = "lab", ["TEMPORAL_CONFIG_FILE"] = "/dev/null" };

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Math.Round(sorted[sorted.Length / 2], 3);
    }

    /// <summary>Runs it to its end so often; the first is to warm the disk.</summary>
    public async Task<Sample> TimeAsync(int times, params string[] arguments)
    {
        await RunAsync(arguments);
        List<Sample> samples = [];
        for (int i = 0; i < times; i++)
            samples.Add(await RunAsync(arguments));
        return new Sample(Median(samples.Select(s => s.Seconds)), Median(samples.Select(s => s.Processor)));
    }

    public async Task<Sample> RunAsync(params string[] arguments)
    {
        double before = ChildTime.Seconds;
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        // 4: waits on a person.
        if (process.ExitCode is not (0 or 4))
            throw new InvalidOperationException($"rotation {string.Join(' ', arguments)}: exit code {process.ExitCode}: {await errors}");
        return new Sample(Stopwatch.GetElapsedTime(start).TotalSeconds, ChildTime.Seconds - before);
    }

    /// <summary>Starts it and returns once it has written the text.</summary>
    public async Task<Running> StartAsync(string text, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        Process process = Start(arguments);
        _ = process.StandardError.ReadToEndAsync();
        string output = "";
        while (!output.Contains(text, StringComparison.Ordinal))
            output += await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"rotation {string.Join(' ', arguments)} ended.");
        return new Running(process, output.TrimEnd(','), Stopwatch.GetElapsedTime(start));
    }

    private Process Start(string[] arguments)
    {
        var info = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach ((string name, string value) in Environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
