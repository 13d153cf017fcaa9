using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops;

/// <summary>kops' own settings, of which it reads one: the state store. From the file of <c>--config</c>, else <c>.kops.yaml</c> or <c>.kops/config</c> in the user's home folder.</summary>
internal static class ConfigFile
{
    private const string StateStoreKey = "KOPS_STATE_STORE";

    /// <summary>The state store that the file names; null when it names none. A file that cannot be read is warned of.</summary>
    public static string? StateStore(KopsCall call)
    {
        string home = call.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string? path = call.Command.IsGiven("config") && call.Command.Flag("config") is { Length: > 0 } given ? given : ((string[])[Path.Combine(home, ".kops.yaml"), Path.Combine(home, ".kops", "config")]).FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        if (!File.Exists(path))
        {
            call.Log.Warning("root.go:207", $"error reading config: {GoFiles.WhyNotRead(path)}");
            return null;
        }

        try
        {
            string text = File.ReadAllText(path);
            JsonNode? named = text.Trim().Length == 0 ? null : StoredObject.Plain(text).FirstOrDefault(p => p.Key.Equals(StateStoreKey, StringComparison.OrdinalIgnoreCase)).Value;
            return $"{named}" is { Length: > 0 } store ? store : null;
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or InvalidCastException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new KopsError($"the lab's kops cannot read the config file {GoText.Quoted(path)}");
        }
    }
}
