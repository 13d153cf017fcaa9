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
        string cluster = call.ClusterName();
        if (call.Command.IsGiven("admin") && call.Command.IsGiven("user"))
            throw call.Usage("cannot use both --admin and --user");
        TimeSpan? lifetime = call.Command.IsGiven("admin") ? Lifetime(call) : null;
        JsonObject spec = (JsonObject)StoredObject.Parse(await Clusters.RequireAsync(call.State(), cluster).ConfigureAwait(false))["spec"]!;
        StoredKeyset ca = await new KeysetStore(call.State(), cluster).FindAsync("kubernetes-ca").ConfigureAwait(false)
            ?? throw new KopsError("cannot find CA certificate");
        JsonObject? user = User(call, cluster, ca, lifetime);
        string host = call.Command.Switch("internal") ? $"api.internal.{cluster}" : $"{spec["masterPublicName"] ?? $"api.{cluster}"}";
        await WriteAsync(call, cluster, Cluster(cluster, host, ca), user).ConfigureAwait(false);
        call.Output.Write($"kOps has set your kubectl context to {cluster}\n");
    }

    private static TimeSpan Lifetime(KopsCall call)
    {
        string text = call.Command.Flag("admin")!;
        return GoDuration.Parse(text) ?? throw call.Usage($"invalid argument \"{text}\" for \"--admin\" flag: time: invalid duration \"{text}\"");
    }

    private static JsonObject Cluster(string name, string host, StoredKeyset ca) => new()
    {
        ["name"] = name,
        ["cluster"] = new JsonObject { ["certificate-authority-data"] = Base64(ca.Bundle), ["server"] = $"https://{host}", ["tls-server-name"] = $"api.internal.{name}" },
    };

    private static JsonObject? User(KopsCall call, string cluster, StoredKeyset ca, TimeSpan? lifetime)
    {
        if (call.Command.Switch("auth-plugin"))
            return new JsonObject { ["name"] = cluster, ["user"] = new JsonObject { ["exec"] = Plugin(call, cluster) } };
        if (lifetime is null)
            return null;
        PemPair issued = KopsCertificates.IssueAdmin(ca.Primary.Pair, Environment.UserName, lifetime.Value);
        return new JsonObject
        {
            ["name"] = cluster,
            ["user"] = new JsonObject { ["client-certificate-data"] = Base64(issued.Certificate), ["client-key-data"] = Base64(issued.PrivateKey!) },
        };
    }

    private static JsonObject Plugin(KopsCall call, string cluster) => new()
    {
        ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
        ["args"] = new JsonArray("helpers", "kubectl-auth", $"--cluster={cluster}", $"--state={call.State().Address}"),
        ["command"] = "kops",
        ["env"] = null,
        ["provideClusterInfo"] = false,
    };

    private static async Task WriteAsync(KopsCall call, string cluster, JsonObject entry, JsonObject? user)
    {
        string path = call.Command.Flag("kubeconfig") is { Length: > 0 } given ? given : call.Variable("KUBECONFIG") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        JsonObject? old = File.Exists(path) && new FileInfo(path).Length > 0 ? StoredObject.Parse(await File.ReadAllTextAsync(path).ConfigureAwait(false)) : null;
        string userName = call.Command.Flag("user") is { Length: > 0 } named ? named : user is null ? "" : cluster;
        var context = new JsonObject { ["name"] = cluster, ["context"] = new JsonObject { ["cluster"] = cluster, ["user"] = userName } };
        var file = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["clusters"] = Merged(old?["clusters"], entry),
            ["contexts"] = Merged(old?["contexts"], context),
            ["current-context"] = cluster,
            ["kind"] = "Config",
            ["preferences"] = old?["preferences"]?.DeepClone() ?? new JsonObject(),
            ["users"] = Merged(old?["users"], user),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(GoYaml.Text(file)).ConfigureAwait(false);
    }

    private static JsonArray? Merged(JsonNode? old, JsonObject? entry)
    {
        var kept = (old as JsonArray ?? []).Where(e => entry is null || $"{e?["name"]}" != $"{entry["name"]}").Select(e => e?.DeepClone());
        JsonNode?[] all = entry is null ? [.. kept] : [.. kept, entry];
        return all.Length == 0 ? null : new JsonArray(all);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
