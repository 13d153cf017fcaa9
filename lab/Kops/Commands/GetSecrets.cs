using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get secrets</c>: their names, or with <c>-o plaintext</c> their contents.</summary>
internal static class GetSecrets
{
    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        string? problem = (call.Command.Flag("type") ?? "").ToLowerInvariant() switch
        {
            "" or "secret" => null,
            "sshpublickey" => "use 'kops get sshpublickey' instead",
            "keypair" => "use 'kops get keypairs' instead",
            _ => $"unknown secret type {GoText.Quoted(call.Command.Flag("type")!)}",
        };
        if (problem is not null)
            throw new KopsError(problem);
        IStateFiles files = call.State();
        await Clusters.GetAsync(files, cluster).ConfigureAwait(false);
        IReadOnlyList<string> wanted = call.Command.Arguments;
        string[] names = [.. (await files.ListAsync($"{cluster}/secrets").ConfigureAwait(false)).Select(p => p[$"{cluster}/secrets/".Length..]).Where(n => !n.Contains('/', StringComparison.Ordinal) && (wanted.Count == 0 || wanted.Contains(n)))];
        if (names.Length == 0)
            throw new KopsError("no secrets found");
        switch (call.Format("unknown output format", "plaintext"))
        {
            case "table":
                GoTable.Write(call.Output, ["NAME"], names.Select(n => new[] { n }));
                break;
            case "plaintext":
                foreach (string name in names)
                    call.Output.Write(Content((await files.ReadAsync($"{cluster}/secrets/{name}").ConfigureAwait(false))!) + "\n");
                break;
            case var other:
                throw new KopsError($"{other} output format is not (currently) supported for secrets");
        }
    }

    private static string Content(string stored) => Encoding.UTF8.GetString(Convert.FromBase64String($"{JsonNode.Parse(stored)?["Data"]}"));
}
