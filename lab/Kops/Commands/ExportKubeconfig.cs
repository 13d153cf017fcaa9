using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops export kubecfg</c>: every trusted CA certificate, and with <c>--admin</c> a client certificate from the primary.</summary>
internal static class ExportKubeconfig
{
    public static async Task RunAsync(KopsCall call)
    {
        if (Lifetime(call) is not null && User(call) is not null)
            throw call.Usage("cannot use both --admin and --user");
        bool all = call.Command.Switch("all");
        if (all && call.Command.Arguments.Count > 0)
            throw call.Usage("cannot use both --all flag and positional arguments");
        KubeconfigFile file = call.Command.Flag("kubeconfig") is { Length: > 0 } path ? call.KubeconfigAt(path) : call.Kubeconfig;
        foreach (string cluster in all ? await Clusters.NamesAsync(call.State()).ConfigureAwait(false) : [call.ClusterNameOrArgument()])
            await ExportAsync(call, cluster, file).ConfigureAwait(false);
    }

    /// <summary>Writes one cluster into a kubeconfig, by the flags that <c>update cluster</c> has too.</summary>
    public static async Task ExportAsync(KopsCall call, string cluster, KubeconfigFile file)
    {
        var spec = (await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false))["spec"] as JsonObject ?? new JsonObject();
        TimeSpan? lifetime = Lifetime(call);
        bool inside = call.Command.Switch("internal");
        bool ownCertificate = $"{spec["api"]?["loadBalancer"]?["sslCertificate"]}".Length > 0;
        if (!inside && spec["api"]?["loadBalancer"] is not null && (!ownCertificate || lifetime is not null))
            throw new KopsError("the lab's kops has no load balancers; export with --internal");
        StoredKeyset? ca = await new KeysetStore(call.State(), cluster, call.Log).FindAsync("kubernetes-ca").ConfigureAwait(false);
        bool withCa = inside || !ownCertificate || $"{spec["api"]?["loadBalancer"]?["class"]}" == "Network";
        if (withCa && ca is null)
            throw new KopsError("cannot find CA certificate");
        string host = inside ? $"api.internal.{cluster}" : $"{spec["masterPublicName"] ?? $"api.{cluster}"}";
        var entry = new JsonObject { ["certificate-authority-data"] = withCa ? Base64(ca!.Bundle) : null, ["server"] = $"https://{host}", ["tls-server-name"] = $"api.internal.{cluster}" };
        string? other = User(call) is { } named && named != cluster ? named : null;
        JsonObject? user = other is null ? Credential(call, cluster, ca, lifetime) : null;
        await file.WriteAsync(cluster, entry, user, other).ConfigureAwait(false);
        call.Output.Write($"kOps has set your kubectl context to {cluster}\n");
    }

    /// <summary>Lifetime of the admin credential that is asked for; null when none is.</summary>
    public static TimeSpan? Lifetime(KopsCall call) =>
        call.Command.Flag("admin") is { } text && GoDuration.TryParse(text, out TimeSpan lifetime) is null && lifetime != TimeSpan.Zero ? lifetime : null;

    /// <summary>Name of the user that is asked for; null when none is.</summary>
    public static string? User(KopsCall call) => call.Command.Flag("user") is { Length: > 0 } user ? user : null;

    private static JsonObject? Credential(KopsCall call, string cluster, StoredKeyset? ca, TimeSpan? lifetime)
    {
        PemPair? issued = lifetime is null ? null : KopsCertificates.IssueAdmin((ca ?? throw new KopsError("ca key for \"kubernetes-ca\" was not found; cannot issue certificates")).Primary.Pair, FullName(), lifetime.Value);
        if (call.Command.Switch("auth-plugin"))
            return new JsonObject { ["client-certificate-data"] = null, ["client-key-data"] = null, ["client-certificate"] = null, ["client-key"] = null, ["username"] = null, ["password"] = null, ["exec"] = Plugin(call, cluster) };
        return issued is null ? null : new JsonObject { ["client-certificate"] = null, ["client-key"] = null, ["client-certificate-data"] = Base64(issued.Certificate), ["client-key-data"] = Base64(issued.PrivateKey!) };
    }

    private static JsonObject Plugin(KopsCall call, string cluster) => new()
    {
        ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
        ["args"] = new JsonArray("helpers", "kubectl-auth", $"--cluster={cluster}", $"--state={call.State().Address}"),
        ["command"] = "kops",
        ["env"] = null,
        ["provideClusterInfo"] = false,
    };

    // As Go tells a user's name: the first part of the description in the list of users.
    private static string FullName()
    {
        string? line = File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd").FirstOrDefault(l => l.StartsWith(Environment.UserName + ":", StringComparison.Ordinal)) : null;
        return line?.Split(':') is { Length: > 4 } fields ? fields[4].Split(',')[0] : Environment.UserName;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
