using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get keypairs</c>: hides what is distrusted, or has no certificate, unless asked.</summary>
internal static class GetKeypairs
{
    private static readonly string[] Header = ["NAME", "ID", "ISSUED", "EXPIRES", "PRIMARY", "HASPRIVATE"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        await Clusters.RequireAsync(call.State(), cluster).ConfigureAwait(false);
        bool distrusted = call.Command.Switch("distrusted");
        IReadOnlyList<string> wanted = call.Command.Arguments;
        KeypairFacts[] facts =
        [
            .. (await new KeysetStore(call.State(), cluster, call.Log).AllAsync("error listing Keysets").ConfigureAwait(false))
                .Where(k => wanted.Count == 0 || wanted.Contains(k.Name))
                .SelectMany(keyset => keyset.Keypairs.Where(k => distrusted || (k.IsTrusted && k.Certificate.Length > 0)).Select(k => new KeypairFacts(keyset, k))),
        ];
        if (facts.Length == 0)
            throw new KopsError("no keypairs found");
        switch (call.Format())
        {
            case "table":
                GoTable.Write(call.Output, distrusted ? [.. Header[..4], "DISTRUSTED", .. Header[4..]] : Header, facts.Select(f => f.Row(distrusted)));
                break;
            case "json":
                call.Output.Write(GoJson.Text(List(facts)));
                break;
            default:
                call.Output.Write(GoYaml.Text(List(facts)));
                break;
        }
    }

    private static JsonArray List(KeypairFacts[] facts) => new([.. facts.Select(f => (JsonNode)f.Object())]);
}
