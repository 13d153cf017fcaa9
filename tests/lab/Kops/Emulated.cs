using System.Globalization;
using Rotation.Lab.Kops;

namespace Rotation.Tests.Lab.Kops;

/// <summary>What the emulator did.</summary>
internal sealed record Emulated(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a command line.</summary>
    public static async Task<Emulated> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        int exitCode = await KopsEmulator.RunAsync(arguments, output, errors, environment, cancel);
        return new(exitCode, output.ToString(), errors.ToString());
    }
}
