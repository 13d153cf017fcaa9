using Renci.SshNet;
using Renci.SshNet.Common;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Ssh;

/// <summary>Runs commands on control-plane hosts. A host is talked to only when the worker's configuration pins its key.</summary>
internal sealed class SshHosts(ClusterLeases leases, RotationOptions options)
{
    private const int DefaultPort = 22;

    /// <summary>Runs a command, as root where the configuration says so, and returns its standard output. Fails with <c>SshRefused</c> or <c>SshFailed</c>.</summary>
    public async Task<string> RunAsync(ClusterRef cluster, string host, string command, CancellationToken ct)
    {
        string pinned = PinOf(cluster, host);
        // Two attempts at once would count, or trip over, each other's work.
        await using ClusterLease lease = await leases.AcquireAsync(cluster, ct).ConfigureAwait(false);
        using SshClient client = Client(host);
        string? shown = null;
        client.HostKeyReceived += (_, key) =>
        {
            shown = $"SHA256:{key.FingerPrintSHA256}";
            key.CanTrust = string.Equals(shown, pinned, StringComparison.Ordinal);
        };
        try
        {
            await client.ConnectAsync(ct).ConfigureAwait(false);
            using SshCommand run = client.CreateCommand(options.Ssh.Sudo ? $"sudo -n sh -c {Quote(command)}" : $"sh -c {Quote(command)}");
            run.CommandTimeout = options.Deadlines.Call;
            await run.ExecuteAsync(ct).ConfigureAwait(false);
            return run.ExitStatus == 0
                ? run.Result
                : throw RotationErrors.Passing(RotationErrors.SshFailed, $"The command on {host} ended with exit code {run.ExitStatus}: {Redaction.Summary(run.Error)}");
        }
        catch (SshConnectionException) when (shown is not null && shown != pinned)
        {
            throw RotationErrors.Permanent(RotationErrors.SshRefused, $"{host} showed the host key {shown}, and {pinned} is pinned. Nothing was done on it. If the host was replaced, change its HostKey in {KeyOf(cluster)}.");
        }
        catch (Exception e) when (e is SshAuthenticationException or SshPassPhraseNullOrEmptyException)
        {
            throw RotationErrors.Permanent(RotationErrors.SshRefused, $"{host} refused the login of '{options.Ssh.User}' with {(options.Ssh.KeyPath is null ? "every key of the SSH agent" : "the key in Rotation:Ssh:KeyPath")}: {Redaction.Summary(e.Message)}");
        }
        catch (Exception e) when (e is SshException or System.Net.Sockets.SocketException or IOException)
        {
            throw RotationErrors.Passing(RotationErrors.SshFailed, $"{host} cannot be used by SSH: {Redaction.Summary(e.Message)}");
        }
    }

    private string PinOf(ClusterRef cluster, string host) =>
        (options.Clusters.TryGetValue(cluster.Name, out ClusterOptions? special) ? special.SshHosts.FirstOrDefault(h => h.Host == host)?.HostKey : null)
            ?? throw RotationErrors.Permanent(RotationErrors.SshRefused, $"No host key is pinned for {host}; add it to {KeyOf(cluster)} with what 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub' prints on it.");

    private SshClient Client(string host)
    {
        int colon = host.LastIndexOf(':');
        (string name, int port) = colon > 0 && int.TryParse(host[(colon + 1)..], out int given) ? (host[..colon], given) : (host, DefaultPort);
        var connection = new ConnectionInfo(name, port, options.Ssh.User, new PrivateKeyAuthenticationMethod(options.Ssh.User, Keys())) { Timeout = options.Deadlines.Call };
        return new SshClient(connection);
    }

    private IPrivateKeySource Keys()
    {
        if (options.Ssh.KeyPath is not { } path)
            return new SshAgent(AgentSocket(), options.Deadlines.Call);
        try
        {
            return new PrivateKeyFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SshException)
        {
            throw RotationErrors.Permanent(RotationErrors.SshRefused, $"The private key in Rotation:Ssh:KeyPath cannot be read: {e.GetType().Name}.");
        }
    }

    private string AgentSocket() => options.Ssh.AgentSocket ?? (Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } socket ? socket : null)
        ?? throw RotationErrors.Permanent(RotationErrors.SshRefused, "No key for SSH is configured; set Rotation:Ssh:KeyPath, or Rotation:Ssh:AgentSocket for an agent.");

    private static string KeyOf(ClusterRef cluster) => $"Rotation:Clusters:{cluster.Name}:SshHosts";

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
