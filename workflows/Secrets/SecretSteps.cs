using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Secrets;

/// <summary>The steps by name, in order.</summary>
public static class SecretSteps
{
    /// <summary>Encryption configuration: every API server can read with the new key.</summary>
    public const string AddKey = "1-add-key";

    /// <summary>Encryption configuration: every API server writes with the new key.</summary>
    public const string PromoteKey = "2-promote-key";

    /// <summary>Encryption configuration: every Secret is written again.</summary>
    public const string Rewrite = "3-rewrite-secrets";

    /// <summary>Encryption configuration: no Secret is under the old key.</summary>
    public const string Prove = "4-prove";

    /// <summary>Encryption configuration: no API server has the old key.</summary>
    public const string RemoveKey = "5-remove-key";

    /// <summary>The other secrets: a new content, and what it takes to have it everywhere.</summary>
    public const string Replace = "1-replace";

    /// <summary>Steps of a secret.</summary>
    public static IReadOnlyList<string> Of(SecretName? secret) => secret switch
    {
        SecretName.EncryptionConfig => [AddKey, PromoteKey, Rewrite, Prove, RemoveKey],
        null => [],
        _ => [Replace],
    };
}
