using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Secrets;

/// <summary>Makes the new content of a secret from its present one.</summary>
internal sealed class NewSecrets(RotationOptions options)
{
    private const int HighestCiliumKey = 15;
    private const int PasswordBytes = 32;

    /// <summary>The content after a move. Random where the move makes a key: the caller keeps the first it gets. Fails with <c>SecretRefused</c>.</summary>
    public async Task<byte[]> AfterAsync(ChangeSecretInput input, byte[]? present, CancellationToken ct) => (input.Secret, input.Move) switch
    {
        (SecretName.EncryptionConfig, SecretMove.AddKey or SecretMove.PromoteKey or SecretMove.RemoveOldKeys) => Encryption(input, present),
        (SecretName.CiliumPassword, SecretMove.Generate) => Cilium(present),
        (SecretName.WeavePassword, SecretMove.Generate) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes))),
        (SecretName.DockerConfig, SecretMove.FromSource) => await DockerAsync(ct).ConfigureAwait(false),
        _ => throw Refused($"'{input.Secret}' cannot be changed by '{input.Move}'."),
    };

    private static byte[] Encryption(ChangeSecretInput input, byte[]? present)
    {
        var configuration = EncryptionConfiguration.Parse(present ?? throw Refused("The cluster has no encryption configuration to rotate."));
        switch (input.Move)
        {
            case SecretMove.AddKey:
                configuration.AddKey("rotation-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input.Cluster.Rotation)))[..12]);
                break;
            case SecretMove.PromoteKey:
                configuration.PromoteLast();
                break;
            default:
                configuration.RemoveOld();
                break;
        }

        return configuration.ToBytes();
    }

    // "keys: ID ALGORITHM KEY BITS": nodes speak with two ids at once while the new one spreads, so the id must change; 1 to 15.
    private static byte[] Cilium(byte[]? present)
    {
        string[] words = Encoding.UTF8.GetString(present ?? throw Refused("The cluster has no Cilium password to rotate.")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["keys:", var id, var algorithm, var key, var bits] || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > HighestCiliumKey)
            throw Refused("The Cilium password is not of the form 'keys: ID ALGORITHM KEY BITS'; it must be rotated by hand.");
        string next = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(key.Length / 2));
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"keys: {(number % HighestCiliumKey) + 1} {algorithm} {next} {bits}\n"));
    }

    private async Task<byte[]> DockerAsync(CancellationToken ct)
    {
        if (!options.SecretSources.TryGetValue(nameof(SecretName.DockerConfig), out string? path) || await PrivateFiles.ReadAsync(path, ct).ConfigureAwait(false) is not { } content)
            throw Refused("The worker has no new Docker configuration; put it into the file that Rotation:SecretSources:dockerConfig names.");
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            return json.RootElement.TryGetProperty("auths", out _) ? content : throw Refused("The worker's Docker configuration has no 'auths'.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refused("The worker's Docker configuration is not a JSON object.");
        }
    }

    private static ApplicationFailureException Refused(string message) => RotationErrors.Permanent(RotationErrors.SecretRefused, message);
}
