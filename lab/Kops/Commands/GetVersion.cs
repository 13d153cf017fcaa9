namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops version</c>.</summary>
internal static class GetVersion
{
    /// <summary>Version that the emulator is held to, unless <c>KOPS_LAB_VERSION</c> names another.</summary>
    public const string Recorded = "1.26.6";

    /// <summary>Version that this run claims to be.</summary>
    public static string Of(KopsCall call) => call.Variable("KOPS_LAB_VERSION") ?? Recorded;

    /// <summary>True before kops 1.22: keysets are files of another form, which <c>update cluster</c> makes and <c>delete secret keypair</c> deletes.</summary>
    public static bool IsOlder(KopsCall call) => IsOlder(Of(call));

    /// <inheritdoc cref="IsOlder(KopsCall)"/>
    public static bool IsOlder(string kops) => Version.TryParse(kops.Split('-')[0], out Version? version) && version < new Version(1, 22);

    public static async Task RunAsync(KopsCall call)
    {
        string? named = call.Command.Flag("name") is { Length: > 0 } flag ? flag : null;
        string cluster = call.Command.Arguments.Count > 0 ? call.ClusterNameOrArgument() : named ?? "";
        string before = call.Command.Switch("short") ? "" : "Client version: ";
        call.Output.Write($"{before}{Of(call)}\n");
        if (call.Command.Switch("server"))
            call.Output.Write($"{(before.Length == 0 ? "" : "Last applied server version: ")}{await LastAsync(call, cluster).ConfigureAwait(false)}\n");
    }

    private static async Task<string> LastAsync(KopsCall call, string cluster)
    {
        if (cluster.Length == 0)
            return "No cluster selected";
        try
        {
            await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false);
        }
        catch (KopsError)
        {
            return "could not fetch cluster";
        }

        return await call.State().ReadAsync($"{cluster}/kops-version.txt").ConfigureAwait(false) ?? "could get cluster version";
    }
}
