using System.Text.Json;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Secrets;

/// <summary>Reads symmetric secrets from the state store itself: <c>CLUSTER/secrets/NAME</c>, JSON with the content in base64.</summary>
internal sealed class SecretReader(StateStores stores)
{
    /// <summary>Content of a secret, or null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(ClusterRef cluster, SecretName secret, CancellationToken ct)
    {
        string file = $"{cluster.Name}/secrets/{NameOf(secret)}";
        if (await stores.For(cluster).ReadAsync(file, ct).ConfigureAwait(false) is not { } stored)
            return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(stored);
            return json.RootElement.GetProperty("Data").GetBytesFromBase64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw RotationErrors.Permanent(RotationErrors.SecretRefused, $"'{file}' is not a secret as kops stores it: no field Data in base64.");
        }
    }

    /// <summary>Name as kops writes it.</summary>
    public static string NameOf(SecretName secret) => secret switch
    {
        SecretName.EncryptionConfig => "encryptionconfig",
        SecretName.CiliumPassword => "ciliumpassword",
        SecretName.DockerConfig => "dockerconfig",
        SecretName.WeavePassword => "weavepassword",
        _ => throw RotationErrors.Permanent(RotationErrors.SecretRefused, $"There is no secret '{secret}'."),
    };
}
