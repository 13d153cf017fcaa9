using System.Collections;
using Rotation.Lab.Kops;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation lab kops ARGUMENTS…</c>: everything after it belongs to the emulator, so no parser of ours may look at it.</summary>
internal static class KopsPassThrough
{
    /// <summary>Runs the emulator when the command line asks for it; null when it asks for something else.</summary>
    public static async Task<int?> TryRunAsync(string[] args)
    {
        if (args is not ["lab", "kops", .. var arguments])
            return null;
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        return await KopsEmulator.RunAsync(arguments, Console.Out, Console.Error, environment, CancellationToken.None).ConfigureAwait(false);
    }
}
