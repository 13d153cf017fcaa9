using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops create secret</c>: one file each under <c>secrets/</c>, its content in base64.</summary>
internal static class CreateSecret
{
    private const string PasswordLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    /// <summary>Creates a secret from the file of <c>--filename</c>.</summary>
    /// <param name="name">Name of the secret.</param>
    public static Func<KopsCall, Task> Of(string name) => async call =>
    {
        string cluster = call.ClusterNameOrArgument();
        if (!call.Command.IsGiven("filename") && name != "weavepassword")
            throw new KopsError("required flag(s) \"filename\" not set");
        IStateFiles files = call.State();
        await Clusters.GetAsync(files, cluster).ConfigureAwait(false);
        byte[] content = await ContentAsync(call, name).ConfigureAwait(false);
        string path = $"{cluster}/secrets/{name}";
        if (!call.Command.Switch("force") && await files.ReadAsync(path).ConfigureAwait(false) is not null)
            throw new KopsError($"failed to create the {(name == "ciliumpassword" ? "Cilium IPSec" : name)} secret as it already exists. Pass the `--force` flag to replace an existing secret");
        await files.WriteAsync(path, GoJson.Text(new JsonObject { ["Data"] = Convert.ToBase64String(content) })).ConfigureAwait(false);
    };

    private static async Task<byte[]> ContentAsync(KopsCall call, string name)
    {
        string file = call.Command.Flag("filename") ?? "";
        if (file.Length == 0 && name == "weavepassword")
            return Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(PasswordLetters, PasswordLength));
        byte[] content = await ReadAsync(file, Reading(name)).ConfigureAwait(false);
        string? problem = name switch
        {
            "weavepassword" => null,
            "dockerconfig" => GoJsonSyntax.ProblemOfObject(content) is { } json ? $"JSON {file}: {json}" : null,
            _ => GoYamlSyntax.ProblemOfMap(Encoding.UTF8.GetString(content)) is { } yaml ? $"YAML {file}: error parsing configuration: {yaml}" : null,
        };
        return problem is null ? content : throw new KopsError($"unable to parse {problem}");
    }

    // What kops says it reads, in its errors.
    private static string Reading(string name) => name switch
    {
        "ciliumpassword" => "Cilium IPSec config",
        "dockerconfig" => "Docker config",
        "weavepassword" => "Weave password file",
        _ => "encryption config",
    };

    private static async Task<byte[]> ReadAsync(string file, string reading)
    {
        if (file != "-")
            return File.Exists(file) ? await File.ReadAllBytesAsync(file).ConfigureAwait(false) : throw new KopsError($"reading {reading} {file}: {GoFiles.WhyNotRead(file)}");
        using var content = new MemoryStream();
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(content).ConfigureAwait(false);
        return content.ToArray();
    }
}
