using Rotation.Lab.Kops;

namespace Rotation.Worker.Labs;

/// <summary>A file that looks like a kops binary and is the emulator: that of the running lab, or <c>rotation lab kops</c> in a process of its own.</summary>
internal static class KopsScript
{
    private const string Bash = "/bin/bash";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="service">The lab's own emulator, which answers at once; null: each command starts a process, as with the real kops.</param>
    public static void Write(LabFolder folder, KopsService? service)
    {
        // Without write-xor-execute .NET starts faster; what it runs is only a lab.
        string alone = $"DOTNET_EnableWriteXorExecute=0 KOPS_LAB_FAULTS={Quote(folder.KopsFaults)} exec {Self} lab kops \"$@\"\n";
        File.WriteAllText(folder.Kops, service is null || !File.Exists(Bash) ? $"#!/bin/sh\n{alone}" : Ask(folder, service) + alone);
        File.SetUnixFileMode(folder.Kops, Executable);
    }

    // Only bash opens connections by itself. A lab that has ended, or that cannot do it for this process, leaves it to one of its own.
    private static string Ask(LabFolder folder, KopsService service) => $$"""
        #!{{Bash}}
        if { exec 3<>/dev/tcp/127.0.0.1/{{service.Port}}; } 2>/dev/null; then
          { printf '%s\0' {{service.Token}} "$PWD" $# "$@"; KOPS_LAB_FAULTS={{Quote(folder.KopsFaults)}} env -0; printf '\0'; } >&3
          while IFS= read -r -d '' -u 3 piece; do
            case $piece in
              o*) printf %s "${piece:1}" ;;
              e*) printf %s "${piece:1}" >&2 ;;
              x*) exit "${piece:1}" ;;
              n) alone=yes; break ;;
            esac
          done
          exec 3>&-
          [ "$alone" ] || { echo 'Error: the lab ended while this command ran' >&2; exit 1; }
        fi

        """;

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
