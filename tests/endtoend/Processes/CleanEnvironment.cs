using System.Diagnostics;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>An environment in which nothing of the developer's own configuration reaches the process.</summary>
internal static class CleanEnvironment
{
    private static readonly string[] Foreign = ["TEMPORAL_", "Rotation__", "ROTATION_", "KOPS_", "AWS_", "KUBECONFIG", "NO_COLOR"];

    public static void Apply(ProcessStartInfo info, IReadOnlyDictionary<string, string?> environment)
    {
        foreach (string name in info.Environment.Keys.Where(k => Foreign.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
            info.Environment.Remove(name);
        // Where Temporal's own configuration file would be found.
        info.Environment["TEMPORAL_CONFIG_FILE"] = "/dev/null";
        foreach ((string name, string? value) in environment)
            info.Environment[name] = value;
    }
}
