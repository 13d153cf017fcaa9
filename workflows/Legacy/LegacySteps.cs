namespace Rotation.Workflows.Legacy;

/// <summary>The steps by name, in order.</summary>
public static class LegacySteps
{
    /// <summary>Every credential is copied: the way back.</summary>
    public const string BackUp = "1-backup";

    /// <summary>Keysets and secrets are deleted from the state store.</summary>
    public const string Delete = "2-delete";

    /// <summary>kops makes new ones.</summary>
    public const string Update = "3-update";

    /// <summary>etcd loses the certificates of the old CAs.</summary>
    public const string Etcd = "4-etcd";

    /// <summary>Every node is replaced, without asking the API.</summary>
    public const string Roll = "5-roll";

    /// <summary>Clients get new kubeconfigs.</summary>
    public const string Export = "6-export";

    /// <summary>Service-account tokens, controller managers and pods are renewed.</summary>
    public const string Tokens = "7-tokens";

    /// <summary>The cluster validates.</summary>
    public const string Validate = "8-validate";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [BackUp, Delete, Update, Etcd, Roll, Export, Tokens, Validate];
}
