namespace Rotation.Activities.Ssh;

/// <summary>How control-plane hosts are logged in to. Only the legacy procedure does so.</summary>
public sealed class SshOptions
{
    /// <summary>Login name. Default <c>ubuntu</c>, as kOps' default images have it.</summary>
    public string User { get; set; } = "ubuntu";

    /// <summary>Absolute path of the private key, not encrypted. Default: none; then an agent is asked.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Absolute path of an SSH agent's socket, asked when there is no <c>KeyPath</c>. Default: the worker's <c>SSH_AUTH_SOCK</c>; without either nothing can be done by SSH.</summary>
    public string? AgentSocket { get; set; }

    /// <summary>Whether commands are run by <c>sudo -n</c>. Default true.</summary>
    public bool Sudo { get; set; } = true;

    /// <summary>Folder on the hosts below which etcd's volumes are mounted. Default <c>/mnt</c>, as kOps has it.</summary>
    public string EtcdVolumes { get; set; } = "/mnt";
}

/// <summary>One host and the key that it must show.</summary>
public sealed class SshHostOptions
{
    /// <summary><c>HOST</c> or <c>HOST:PORT</c>.</summary>
    public string Host { get; set; } = "";

    /// <summary>The host key's fingerprint as <c>ssh-keygen -lf</c> prints it: <c>SHA256:…</c>.</summary>
    public string HostKey { get; set; } = "";
}
