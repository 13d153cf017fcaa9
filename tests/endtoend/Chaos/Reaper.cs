using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>Kills processes of a stage as <c>kill -9</c> does, and starts again what a service manager would start again.</summary>
internal sealed class Reaper(Stage stage)
{
    private static readonly TimeSpan KopsLimit = TimeSpan.FromSeconds(10);

    /// <summary>Processes killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Kills each when its moment has come; what is left when the rotation has ended stays undone.</summary>
    /// <param name="deaths">The deaths, earliest first.</param>
    /// <param name="expected">How long the rotation is expected to take.</param>
    /// <param name="ended">Cancelled when the rotation has ended.</param>
    public async Task RunAsync(IEnumerable<Death> deaths, TimeSpan expected, CancellationToken ended)
    {
        var watch = Stopwatch.StartNew();
        foreach (Death death in deaths)
        {
            if (!await PassedAsync(watch, expected * death.At, ended))
                return;
            await KillAsync(death, ended);
        }
    }

    private async Task KillAsync(Death death, CancellationToken ended)
    {
        switch (death.Victim)
        {
            case Victim.Worker:
                await stage.KillWorkerAsync();
                Kills++;
                await PassedAsync(Stopwatch.StartNew(), TimeSpan.FromSeconds(death.BackAfterSeconds), ended);
                await stage.StartWorkerAsync();
                break;
            case Victim.Server:
                await stage.KillServerAsync();
                Kills++;
                await stage.StartServerAsync();
                break;
            default:
                if (await KopsAsync(ended) is { } kops)
                    Kills += End(kops);
                break;
        }
    }

    // kops lives for a part of a second: the next one that is seen dies.
    private async Task<Process?> KopsAsync(CancellationToken ended)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < KopsLimit && !ended.IsCancellationRequested)
        {
            if (Find() is { } found)
                return found;
            await PassedAsync(Stopwatch.StartNew(), TimeSpan.FromMilliseconds(20), ended);
        }

        return null;
    }

    // Ours only: the lab's script puts its folder into the environment of its kops.
    private Process? Find()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && Read(folder, "cmdline").Contains("\0lab\0kops\0", StringComparison.Ordinal) && Read(folder, "environ").Contains(stage.Folder.KopsFaults, StringComparison.Ordinal))
                return Open(id);
        return null;
    }

    private static Process? Open(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static int End(Process process)
    {
        using (process)
        {
            try
            {
                process.Kill();
                return 1;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It was faster.
                return 0;
            }
        }
    }

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Processes of others, and those that have just ended.
            return "";
        }
    }

    private static async Task<bool> PassedAsync(Stopwatch watch, TimeSpan moment, CancellationToken ended)
    {
        try
        {
            await Eventually.GetAsync(() => Task.FromResult(watch.Elapsed >= moment || ended.IsCancellationRequested), over => over, moment + TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            return false;
        }

        return !ended.IsCancellationRequested;
    }
}
