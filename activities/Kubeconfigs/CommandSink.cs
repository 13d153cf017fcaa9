using System.Diagnostics;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Workflows;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>A program of the operator's: <c>PROGRAM … read|write|delete CLUSTER</c>, content on standard input and output.</summary>
internal sealed class CommandSink(string name, SinkOptions options, DeadlineOptions deadlines) : IKubeconfigSink
{
    private const int NothingThere = 4;

    public async Task<byte[]?> ReadAsync(string cluster, CancellationToken ct)
    {
        (int exitCode, byte[] output, string errors) = await RunAsync("read", cluster, [], ct).ConfigureAwait(false);
        if (exitCode == NothingThere)
            return null;
        MustBeDone("read", exitCode, errors);
        return output;
    }

    public async Task WriteAsync(string cluster, byte[] content, CancellationToken ct)
    {
        (int exitCode, _, string errors) = await RunAsync("write", cluster, content, ct).ConfigureAwait(false);
        MustBeDone("write", exitCode, errors);
    }

    public async Task DeleteAsync(string cluster, CancellationToken ct)
    {
        (int exitCode, _, string errors) = await RunAsync("delete", cluster, [], ct).ConfigureAwait(false);
        MustBeDone("delete", exitCode, errors);
    }

    private void MustBeDone(string verb, int exitCode, string errors)
    {
        if (exitCode != 0)
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': '{verb}' ended with exit code {exitCode}: {Redaction.Summary(errors)}");
    }

    private async Task<(int ExitCode, byte[] Output, string Errors)> RunAsync(string verb, string cluster, byte[] input, CancellationToken ct)
    {
        // A session of its own, as for kops, so that a deadline ends its children too.
        var info = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in options.Command.Append(verb).Append(cluster))
            info.ArgumentList.Add(argument);
        using Process process = Process.Start(info) ?? throw new InvalidOperationException("setsid did not start.");
        using IDisposable tie = ProcessGroup.EndWithUs(process);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(deadlines.Call);
        try
        {
            using var output = new MemoryStream();
            Task copying = process.StandardOutput.BaseStream.CopyToAsync(output, limited.Token);
            Task<string> errors = BoundedText.ReadAsync(process.StandardError, limited.Token);
            await WriteInputAsync(process, input, limited.Token).ConfigureAwait(false);
            await Task.WhenAll(copying, errors, process.WaitForExitAsync(limited.Token)).ConfigureAwait(false);
            return (process.ExitCode, output.ToArray(), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            await ProcessGroup.EndAsync(process, deadlines.KopsGrace).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': '{verb}' took longer than {deadlines.Call}.");
        }
    }

    private static async Task WriteInputAsync(Process process, byte[] input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, ct).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says what that means.
        }
    }
}
