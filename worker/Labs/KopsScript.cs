namespace Rotation.Worker.Labs;

/// <summary>A file that looks like a kops binary and runs <c>rotation lab kops</c>.</summary>
internal static class KopsScript
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes it. A rotation starts it some sixty times, and without write-xor-execute .NET starts faster; what it runs is only a lab.</summary>
    public static void Write(LabFolder folder)
    {
        File.WriteAllText(folder.Kops, $"#!/bin/sh\nDOTNET_EnableWriteXorExecute=0 KOPS_LAB_FAULTS={Quote(folder.KopsFaults)} exec {Self} lab kops \"$@\"\n");
        File.SetUnixFileMode(folder.Kops, Executable);
    }

    // Through `dotnet rotation.dll` the process is dotnet; the executable lies beside the assembly unless it was left out on purpose.
    private static string Self
    {
        get
        {
            string executable = Path.Combine(AppContext.BaseDirectory, "rotation");
            return File.Exists(executable) ? Quote(executable) : $"{Quote(Environment.ProcessPath!)} {Quote(executable + ".dll")}";
        }
    }

    private static string Quote(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
