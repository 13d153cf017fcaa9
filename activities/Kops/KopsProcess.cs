using System.Diagnostics;
using System.Globalization;
using Rotation.Activities.Hosting;
using Rotation.Workflows;

namespace Rotation.Activities.Kops;

/// <summary>
/// Runs one process as <c>setsid [flock LOCK] timeout DEADLINE kops …</c>, all of them one session, so that cancelling ends every child; see
/// <c>docs/adr/0003-no-orphaned-kops.md</c> for why these three and not a parent-death signal.
/// </summary>
internal sealed class KopsProcess(RotationOptions options)
{
    private const int LockedExitCode = 219;
    private const int TimedOutExitCode = 124;
    private const int KilledExitCode = 137;
    private static readonly string[] OwnPrefixes = ["TEMPORAL_", "Rotation__"];

    /// <summary>Runs it to its end. Cancelling ends the whole group first, and returns only when it is gone.</summary>
    public async Task<KopsAnswer> RunAsync(string binary, KopsCommand command, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Activity? span = KopsTelemetry.Begin(command);
        long began = Stopwatch.GetTimestamp();
        int? exitCode = null;
        try
        {
            KopsAnswer answer = await RunProcessAsync(binary, command, environment, ct).ConfigureAwait(false);
            exitCode = answer.ExitCode;
            return ThrowIfOurs(answer, command);
        }
        finally
        {
            KopsTelemetry.End(span, command, Stopwatch.GetElapsedTime(began), exitCode);
        }
    }

    private async Task<KopsAnswer> RunProcessAsync(string binary, KopsCommand command, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        using Process process = Start(binary, command, environment);
        using IDisposable tie = ProcessGroup.EndWithUs(process);
        process.StandardInput.Close();
        using var reading = new CancellationTokenSource();
        // kops logs its progress to standard error, what it drains to standard output.
        Action<string>? onLine = OneAtATime(command.OnLine);
        Task<string> output = BoundedText.ReadAsync(process.StandardOutput, reading.Token, onLine);
        Task<string> errors = BoundedText.ReadAsync(process.StandardError, reading.Token, onLine);
        try
        {
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await ProcessGroup.EndAsync(process, options.Deadlines.KopsGrace).ConfigureAwait(false);
            throw;
        }

        ProcessGroup.EndRest(process.Id);
        // Only a descendant that left the session can still hold the pipes; what it may write is not kops' answer.
        reading.CancelAfter(options.Deadlines.KopsGrace);
        return new KopsAnswer(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    private static Action<string>? OneAtATime(Action<string>? onLine)
    {
        if (onLine is null)
            return null;
        var turn = new Lock();
        return line =>
        {
            lock (turn)
                onLine(line);
        };
    }

    private static KopsAnswer ThrowIfOurs(KopsAnswer answer, KopsCommand command) => answer.ExitCode switch
    {
        TimedOutExitCode or KilledExitCode => throw RotationErrors.Passing(RotationErrors.KopsTimedOut, $"'{command}' was ended with all its children: it took longer than {command.Deadline}, or the host ran out of memory."),
        LockedExitCode => throw RotationErrors.Passing(RotationErrors.KopsFailed, $"'{command}' did not start: a kops that an earlier attempt started still runs."),
        _ => answer,
    };

    private Process Start(string binary, KopsCommand command, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in Wrapped(binary, command))
            info.ArgumentList.Add(argument);
        foreach (string own in info.Environment.Keys.Where(k => OwnPrefixes.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
            info.Environment.Remove(own);
        foreach ((string name, string value) in environment)
            info.Environment[name] = value;

        return Process.Start(info) ?? throw new InvalidOperationException("setsid did not start.");
    }

    private List<string> Wrapped(string binary, KopsCommand command)
    {
        List<string> all = [];
        if (command.HeldLock is { } file)
            all.AddRange(["flock", "--exclusive", "--nonblock", "--no-fork", "--conflict-exit-code", Number(LockedExitCode), file]);
        all.AddRange(["timeout", "--kill-after", Number(options.Deadlines.KopsGrace.TotalSeconds), Number(command.Deadline.TotalSeconds), binary]);
        all.AddRange(command.Arguments);
        return all;
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
