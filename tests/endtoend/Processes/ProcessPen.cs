namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>Every process of a test, with one environment and one folder; all of them are ended and everything deleted when disposed.</summary>
internal sealed class ProcessPen : IAsyncDisposable
{
    private readonly List<RotationProcess> _processes = [];
    private readonly Support.TempFolder _folder = new();

    /// <summary>What every process gets.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>A path in the test's own folder.</summary>
    public string PathOf(params string[] parts) => _folder.Combine(parts);

    /// <summary>Starts <c>rotation</c> and leaves it running.</summary>
    public RotationProcess Start(string name, params string[] arguments)
    {
        var process = RotationProcess.Start(name, arguments, Environment);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts <c>rotation</c> on a terminal of its own and leaves it running.</summary>
    public RotationProcess StartOnTerminal(string name, params string[] arguments)
    {
        var process = RotationProcess.StartOnTerminal(name, arguments, Environment);
        _processes.Add(process);
        return process;
    }

    /// <summary>Everything that every process wrote.</summary>
    public string AllOutput => string.Join('\n', _processes.Select(p => p.Story));

    /// <summary>Runs <c>rotation</c> to its end.</summary>
    public Task<Finished> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs <c>rotation</c> to its end with something on its standard input.</summary>
    public async Task<Finished> RunAsync(string? input, string[] arguments)
    {
        var process = RotationProcess.Start(string.Join(' ', arguments.Take(2)), arguments, Environment, input);
        _processes.Add(process);
        int exitCode = await process.EndAsync();
        return new Finished(exitCode, process.Output, process.Errors);
    }

    /// <summary>Asks every process to end as a service manager does, newest first, and waits for it.</summary>
    public async Task EndAllAsync()
    {
        foreach (RotationProcess process in Enumerable.Reverse(_processes).Where(p => !p.HasExited))
        {
            process.Signal("TERM");
            await process.EndAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RotationProcess process in _processes)
            await process.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>What a process left behind.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors);
