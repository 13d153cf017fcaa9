using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get keypairs</c>: hides what is distrusted unless asked.</summary>
internal static class GetKeypairs
{
    private static readonly string[] Header = ["NAME", "ID", "ISSUED", "EXPIRES", "PRIMARY", "HASPRIVATE"];

    public static async Task RunAsync(KopsCall call)
    {
        KeysetStore store = await KeypairCommand.OpenAsync(call, "").ConfigureAwait(false);
        bool distrusted = call.Command.Switch("distrusted");
        IReadOnlyList<string> wanted = call.Command.Arguments;
        KeypairFacts[] facts =
        [
            .. (await store.AllAsync().ConfigureAwait(false))
                .Where(k => wanted.Count == 0 || wanted.Contains(k.Name))
                .SelectMany(keyset => keyset.Keypairs.Where(k => distrusted || k.IsTrusted).Select(k => new KeypairFacts(keyset, k))),
        ];
        if (facts.Length == 0)
            throw new KopsError("no keypairs found");
        switch (call.Command.Flag("output"))
        {
            case "table":
                GoTable.Write(call.Output, distrusted ? [.. Header[..4], "DISTRUSTED", .. Header[4..]] : Header, facts.Select(f => f.Row(distrusted)));
                break;
            case "json":
                call.Output.Write(GoJson.Text(List(facts)));
                break;
            case "yaml":
                call.Output.Write(GoYaml.Text(List(facts)));
                break;
            case var other:
                throw new KopsError($"Unknown output format: \"{other}\"");
        }
    }

    private static JsonArray List(KeypairFacts[] facts) => new([.. facts.Select(f => (JsonNode)f.Object())]);
}
