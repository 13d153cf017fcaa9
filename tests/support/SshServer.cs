using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Support;

/// <summary>A real sshd on loopback with keys of its own, for the user of the tests. Tests skip where there is none.</summary>
public sealed class SshServer : IAsyncLifetime
{
    private const string Daemon = "/usr/sbin/sshd";
    private readonly TempFolder _folder = new();
    private Process? _process;

    public static bool IsInstalled => File.Exists(Daemon);

    public int Port { get; } = FreePort.Next();

    /// <summary>Fingerprint of its host key.</summary>
    public string HostKey { get; private set; } = "";

    public string ClientKey => _folder.Combine("client");

    /// <summary>A folder that comes first in the search path of what runs over SSH.</summary>
    public string Programs => _folder.Combine("bin");

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
            return;
        Directory.CreateDirectory(Programs);
        foreach (string name in (string[])["host", "client", "stranger"])
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _folder.Combine(name));
        await RunAsync("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", _folder.Combine("rsa"));
        HostKey = (await RunAsync("ssh-keygen", "-lf", _folder.Combine("host.pub"))).Split(' ')[1];
        await File.WriteAllTextAsync(_folder.Combine("authorized_keys"), await File.ReadAllTextAsync(_folder.Combine("client.pub")) + await File.ReadAllTextAsync(_folder.Combine("rsa.pub")));
        await File.WriteAllTextAsync(
            _folder.Combine("sshd_config"),
            $"Port {Port}\nListenAddress 127.0.0.1\nHostKey {_folder.Combine("host")}\nAuthorizedKeysFile {_folder.Combine("authorized_keys")}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\nSetEnv PATH={Programs}:/usr/bin:/bin\n");
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        _process = Process.Start(new ProcessStartInfo(Daemon, ["-D", "-e", "-f", _folder.Combine("sshd_config")]) { RedirectStandardError = true, RedirectStandardOutput = true });
        await Eventually.HoldsAsync(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
        });
    }

    /// <summary>Path of an RSA key that it knows too.</summary>
    public string RsaKey => _folder.Combine("rsa");

    /// <summary>Starts a real agent that holds these keys, in this order; dispose of it by killing it.</summary>
    public async Task<(Process Agent, string Socket)> StartAgentAsync(params string[] keys)
    {
        string socket = _folder.Combine(RandomId.New("agent")[..14]);
        Process agent = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { RedirectStandardOutput = true })!;
        await Eventually.HoldsAsync(() => File.Exists(socket).ShouldBeTrue());
        foreach (string key in keys)
        {
            using var adding = Process.Start(new ProcessStartInfo("ssh-add", ["-q", key]) { Environment = { ["SSH_AUTH_SOCK"] = socket }, RedirectStandardError = true })!;
            await adding.WaitForExitAsync();
            adding.ExitCode.ShouldBe(0);
        }

        return (agent, socket);
    }

    /// <summary>Path of a private key that the server does not know.</summary>
    public string StrangersKey => _folder.Combine("stranger");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
