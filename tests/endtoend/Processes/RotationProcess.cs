using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rotation.Tests.Support;
using Xunit;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>One running <c>rotation</c>, its output as it comes. Ended with everything it started when disposed.</summary>
internal sealed class RotationProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Lock _lock = new();
    private readonly string _name;

    private RotationProcess(string name, Process process) => (_name, _process) = (name, process);

    /// <summary>The executable, beside the tests.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "rotation");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (_lock)
                return _errors.ToString();
        }
    }

    /// <summary>Everything it wrote, for messages.</summary>
    public string Story => $"--- {_name} (process {_process.Id})\n{Output}\n--- {_name}, standard error\n{Errors}";

    /// <summary>Ctrl-C cannot be tested in the background jobs of a script: they ignore it, and so does every process that is started.</summary>
    public static void SkipWhereInterruptsAreIgnored()
    {
        const ulong interrupt = 1 << 1;
        string ignored = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        if ((ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & interrupt) != 0)
            throw new SkipTestException("SIGINT is ignored here, as in the background jobs of a script, and so in every process that is started.");
    }

    public static RotationProcess Start(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string? input = null) =>
        Start(name, Executable, arguments, environment, input);

    /// <summary>The same on a terminal of its own, 140 columns wide, by <c>script</c> of util-linux; what it draws is its output.</summary>
    public static RotationProcess StartOnTerminal(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        string command = string.Join(' ', arguments.Prepend(Executable).Select(a => $"'{a}'"));
        var terminal = new Dictionary<string, string?>(environment) { ["TERM"] = "xterm-256color" };
        return Start(name, "script", ["--quiet", "--return", "--flush", "--command", $"stty cols 140 rows 60; exec {command}", "/dev/null"], terminal, null);
    }

    private static RotationProcess Start(string name, string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string? input)
    {
        var info = new ProcessStartInfo(executable) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        CleanEnvironment.Apply(info, environment);
        var rotation = new RotationProcess(name, new Process { StartInfo = info });
        rotation._process.OutputDataReceived += (_, line) => rotation.Append(rotation._output, line.Data);
        rotation._process.ErrorDataReceived += (_, line) => rotation.Append(rotation._errors, line.Data);
        rotation._process.Start();
        rotation._process.BeginOutputReadLine();
        rotation._process.BeginErrorReadLine();
        if (input is not null)
            rotation._process.StandardInput.Write(input);
        rotation._process.StandardInput.Close();
        return rotation;
    }

    /// <summary>Waits until it has written the text; fails with everything it wrote when it ends or the time is over before.</summary>
    public Task SaysAsync(string text, TimeSpan? deadline = null) => Eventually.HoldsAsync(
        () =>
        {
            if (!Output.Contains(text, StringComparison.Ordinal) && !Errors.Contains(text, StringComparison.Ordinal))
                throw new InvalidOperationException($"'{text}' was not said.\n{Story}");
        },
        deadline);

    /// <summary>Waits for its end and returns the exit code; output is whole then.</summary>
    public async Task<int> EndAsync(TimeSpan? deadline = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(deadline ?? TimeSpan.FromMinutes(4));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not end.\n{Story}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as <c>kill -9</c> does, children left alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as Ctrl-C (<c>INT</c>) or a service manager (<c>TERM</c>) does.</summary>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.AddAttachment($"{_name}-{_process.Id}", Story);
        _process.Dispose();
    }

    private void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (_lock)
            text.AppendLine(line);
    }
}
