using System.Diagnostics;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Kubernetes;

/// <summary>The machine's own kubectl, unmodified, against a lab. Skips the test where there is none.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly LabRun _run;
    private readonly TempFolder _home = new();

    public Kubectl(LabRun run) => _run = run;

    private static string? Binary => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Select(p => Path.Combine(p, "kubectl")).FirstOrDefault(File.Exists);

    public static void SkipUnlessPresent()
    {
        if (Binary is null)
            throw new SkipTestException("There is no kubectl on this machine.");
    }

    /// <summary>Runs a command and returns exit code, standard output and standard error.</summary>
    public async Task<(int Code, string Out, string Error)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Binary!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = _home.Path, ["KUBECONFIG"] = _run.Kops.Kubeconfig },
        };
        string[] common = ["--server", $"https://{_run.Lab.ApiAddress}", "--cache-dir", _home.Combine("cache")];
        foreach (var argument in common.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end.", e);
        }
    }

    /// <summary>Runs a command that must succeed and returns its standard output.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await TryAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {code}: {error}{output}");
    }

    public void Dispose() => _home.Dispose();
}
