using System.Runtime.CompilerServices;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>
/// Keeps Secrets as one API server does: written under the first key of its node's boot, readable with any of its keys. What is stored under another key fails to be read, and with it every
/// list that it is in, as in a real cluster. What is sent back unchanged is written only when it was under another key than the first.
/// </summary>
internal sealed class SecretsAtRest(KubeStore store, IReadOnlyList<string> keys)
{
    private const string Kind = "secrets";

    // Key of each stored version, of all API servers together: etcd knows it, no object shows it.
    private static readonly ConditionalWeakTable<KubeObject, string> Keys = [];

    /// <summary>Fails as a server without the key does.</summary>
    public void RequireReadable(ApiRequest request)
    {
        if (request.Resource.Plural != Kind)
            return;
        var asked = request.Name is null
            ? store.List(Kind, request.Namespace).Items
            : store.Get(Kind, request.Namespace ?? "", request.Name) is { } one ? [one] : [];
        if (asked.Find(s => !keys.Contains(KeyOf(s))) is { } blind)
            throw new ApiStatusException(500, "InternalError", $"Internal error occurred: unable to transform key \"/registry/secrets/{blind.Namespace}/{blind.Name}\": no matching key was found for the provided AES transformer");
    }

    /// <summary>True when an object must be written although nothing in it changes.</summary>
    public bool IsStale(ApiRequest request) =>
        request is { Resource.Plural: Kind, Name: { } name } && store.Get(Kind, request.Namespace ?? "", name) is { } stored && KeyOf(stored) != keys[0];

    /// <summary>An object was written by this server, or was found to be as it would write it.</summary>
    public void Wrote(ApiRequest request, KubeObject stored)
    {
        if (request.Resource.Plural == Kind)
            Keys.GetValue(stored, _ => keys[0]);
    }

    private static string KeyOf(KubeObject stored) => Keys.TryGetValue(stored, out var key) ? key : EncryptionKeys.Identity;
}
