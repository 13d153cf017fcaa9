using System.Text;

namespace Rotation.Activities.Hosting;

/// <summary>
/// Where a secret of the worker comes from: a file or an environment variable, exactly one of them. The secret itself is never a setting, so that no configuration file,
/// command line or dump of the configuration holds it.
/// </summary>
public sealed class SecretSource
{
    private const UnixFileMode OpenToOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Absolute path of a file that others than its owner and group cannot read. One line break at its end is not part of the secret.</summary>
    public string? File { get; set; }

    /// <summary>Name of an environment variable.</summary>
    public string? Environment { get; set; }

    /// <summary>True when neither is given.</summary>
    public bool IsUnset => string.IsNullOrEmpty(File) && string.IsNullOrEmpty(Environment);

    /// <summary>Reads the secret.</summary>
    /// <param name="secret">The secret; empty when there is a problem.</param>
    /// <param name="problem">What is wrong, in words that go after the setting's name; null when it was read.</param>
    /// <returns>True when it was read.</returns>
    public bool TryRead(out string secret, out string? problem)
    {
        secret = "";
        problem = (string.IsNullOrEmpty(File), string.IsNullOrEmpty(Environment)) switch
        {
            (true, true) => "is missing; give File, the path of a file, or Environment, the name of a variable",
            (false, false) => "has both File and Environment; give one of them",
            (false, true) => ReadFile(File!, out secret),
            (true, false) => ReadVariable(Environment!, out secret),
        };
        return problem is null;
    }

    private static string? ReadFile(string path, out string secret)
    {
        secret = "";
        if (!Path.IsPathRooted(path))
            return $"has the file '{path}', which is not an absolute path";
        try
        {
            // The first look follows links, as a Kubernetes Secret is mounted.
            if (!OperatingSystem.IsWindows() && (System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is { Exists: true } file && (file.UnixFileMode & OpenToOthers) != 0)
                return $"has the file '{path}', which others can read or write; make it 0600, or 0440 with the worker's group";
            secret = System.IO.File.ReadAllText(path, Encoding.UTF8).TrimEnd('\n').TrimEnd('\r');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"has the file '{path}', which cannot be read: {e.Message}";
        }

        return secret.Length == 0 ? $"has the file '{path}', which is empty" : null;
    }

    private static string? ReadVariable(string name, out string secret)
    {
        secret = System.Environment.GetEnvironmentVariable(name) ?? "";
        return secret.Length == 0 ? $"names the environment variable {name}, which is not set" : null;
    }
}
