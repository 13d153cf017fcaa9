using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops create|get|delete secret</c>: one file each under <c>secrets/</c>, its content in base64.</summary>
internal static class Secrets
{
    private const string PasswordLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    /// <summary>Creates a secret from the file of <c>--filename</c>.</summary>
    /// <param name="name">Name of the secret.</param>
    /// <param name="reading">What kops says it reads, in its errors.</param>
    public static Func<KopsCall, Task> Create(string name, string reading) => async call =>
    {
        string cluster = call.ClusterName();
        string? file = call.Command.Flag("filename");
        if (file is null && name != "weavepassword")
            throw call.Usage("required flag(s) \"filename\" not set");
        byte[] content = file is null ? Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(PasswordLetters, PasswordLength)) : await ReadAsync(file, reading).ConfigureAwait(false);
        if (name == "dockerconfig")
            RequireJson(content);
        IStateFiles files = call.State();
        await Clusters.RequireAsync(files, cluster).ConfigureAwait(false);
        string path = $"{cluster}/secrets/{name}";
        if (!call.Command.Switch("force") && await files.ReadAsync(path).ConfigureAwait(false) is not null)
            throw new KopsError($"failed to create the {name} secret as it already exists. Pass the `--force` flag to replace an existing secret");
        await files.WriteAsync(path, GoJson.Text(new JsonObject { ["Data"] = Convert.ToBase64String(content) })).ConfigureAwait(false);
    };

    public static async Task ListAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        IStateFiles files = call.State();
        await Clusters.RequireAsync(files, cluster).ConfigureAwait(false);
        if (call.Command.Flag("output") is var output && output != "table")
            throw new KopsError($"{output} output format is not (currently) supported for secrets");
        IReadOnlyList<string> wanted = call.Command.Arguments;
        string[] names = [.. (await files.ListAsync($"{cluster}/secrets").ConfigureAwait(false)).Select(p => p.Split('/')[^1]).Where(n => wanted.Count == 0 || wanted.Contains(n))];
        if (names.Length == 0)
            throw new KopsError("no secrets found");
        GoTable.Write(call.Output, ["NAME"], names.Select(n => new[] { n }));
    }

    /// <summary>Deletes secrets; one that is not there is no error.</summary>
    public static async Task DeleteAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        if (call.Command.Arguments.Count == 0)
            throw call.Usage("must specify names of secrets to delete");
        IStateFiles files = call.State();
        await Clusters.RequireAsync(files, cluster).ConfigureAwait(false);
        foreach (string name in call.Command.Arguments)
            await files.DeleteAsync($"{cluster}/secrets/{name}").ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(string file, string reading)
    {
        if (!File.Exists(file))
            throw new KopsError($"reading {reading} {file}: open {file}: no such file or directory");
        return await File.ReadAllBytesAsync(file).ConfigureAwait(false);
    }

    private static void RequireJson(byte[] content)
    {
        try
        {
            JsonDocument.Parse(content).Dispose();
        }
        catch (JsonException e)
        {
            throw new KopsError($"Unable to parse YAML {e.Message}");
        }
    }
}
