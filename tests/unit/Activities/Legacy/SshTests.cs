using System.Diagnostics;
using Rotation.Activities.Legacy;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>What the legacy procedure does on control-plane hosts, over a real sshd.</summary>
[CrashTested("RemoveEtcdCertificates", "RestartControllerManager")]
public sealed class SshTests : IClassFixture<SshServer>, IDisposable
{
    private readonly SshServer _server;
    private readonly TempFolder _volumes = new();
    private readonly List<TestCluster> _clusters = [];

    public SshTests(SshServer server)
    {
        Assert.SkipUnless(SshServer.IsInstalled, "There is no /usr/sbin/sshd; install openssh-server.");
        _server = server;
    }

    private string Host => $"127.0.0.1:{_server.Port}";

    public void Dispose()
    {
        _clusters.ForEach(c => c.Dispose());
        _volumes.Dispose();
    }

    [Fact]
    public async Task Exactly_etcds_server_and_peer_certificates_are_removed_and_what_is_gone_is_done()
    {
        string[] kept = ["master-vol/pki/ca.crt", "master-vol/server.txt", "master-vol/pki/x/other.key"];
        string[] removed = ["master-vol/pki/x/server.crt", "master-vol/pki/x/server.key", "master-vol/pki/x/me.crt"];
        foreach (string file in kept.Concat(removed))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_volumes.Combine(file))!);
            await File.WriteAllTextAsync(_volumes.Combine(file), file, TestContext.Current.CancellationToken);
        }

        LegacyActivities activities = Activities();
        HostResult first = await RunAsync(() => activities.RemoveEtcdCertificatesAsync(Input));
        HostResult second = await RunAsync(() => activities.RemoveEtcdCertificatesAsync(Input));

        first.ShouldBe(new HostResult(Host, 3));
        second.Changed.ShouldBe(0);
        kept.ShouldAllBe(f => File.Exists(_volumes.Combine(f)));
        removed.ShouldAllBe(f => !File.Exists(_volumes.Combine(f)));
    }

    [Theory]
    [InlineData("kill -9 $PPID", "")]
    [InlineData("", "kill -9 $PPID")]
    [InlineData("", "")]
    public async Task The_controller_manager_is_restarted_once_whenever_the_connection_is_lost(string before, string after)
    {
        // Its replacement has another id and began later than the activity.
        string[] paths = [_volumes.Combine("calls"), _volumes.Combine("id")];
        File.WriteAllText(paths[1], "c1");
        string Script(string first, string last) => $"""
            id=$(cat {paths[1]})
            case $1 in
            ps) echo $id;;
            inspect) [ $id = c1 ] && echo 2020-01-01T00:00:00.123456789Z || echo 2100-01-01T00:00:00Z;;
            stop) {first}
              echo "$2" >> {paths[0]}; printf c2 > {paths[1]}
              {last}
              echo "$2";;
            esac
            exit 0
            """;
        LegacyActivities activities = Activities();
        if (before.Length + after.Length > 0)
        {
            await ProgramAsync("crictl", Script(before, after));
            (await FailureAsync(activities, a => a.RestartControllerManagerAsync(Input))).NonRetryable.ShouldBeFalse();
        }

        string crictl = await ProgramAsync("crictl", Script("", ""));
        await Task.WhenAll(RunAsync(() => activities.RestartControllerManagerAsync(Input)), RunAsync(() => activities.RestartControllerManagerAsync(Input)));
        File.Delete(crictl);

        File.ReadAllLines(paths[0]).ShouldBe(["c1"]);
    }

    [Fact]
    public async Task The_controller_manager_is_stopped_by_its_exact_name()
    {
        string crictl = await ProgramAsync("crictl", $"echo \"$*\" >> {_volumes.Combine("calls")}\n[ \"$1\" = ps ] && echo c1\n[ \"$1\" = inspect ] && echo 2020-01-01T00:00:00Z\n[ \"$1\" = stop ] && echo \"$2\"\nexit 0");

        HostResult result = await RunAsync(() => Activities().RestartControllerManagerAsync(Input));
        File.Delete(crictl);

        result.Changed.ShouldBe(1);
        (await File.ReadAllLinesAsync(_volumes.Combine("calls"), TestContext.Current.CancellationToken)).ShouldBe(["ps -q --name ^kube-controller-manager$", "inspect --output go-template --template {{.status.startedAt}} c1", "stop c1"]);
    }

    [Fact]
    public async Task A_host_without_a_container_runtime_is_told_and_not_taken_for_done()
    {
        var failure = await FailureAsync(Activities(), a => a.RestartControllerManagerAsync(Input));

        failure.ErrorType.ShouldBe(RotationErrors.SshFailed);
        failure.NonRetryable.ShouldBeFalse();
        failure.Message.ShouldContain("neither crictl nor docker");
    }

    [Fact]
    public async Task A_host_with_another_key_is_refused_before_anything_is_done()
    {
        var failure = await FailureAsync(Activities(hostKey: "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), a => a.RemoveEtcdCertificatesAsync(Input));

        failure.ErrorType.ShouldBe(RotationErrors.SshRefused);
        failure.Message.ShouldContain(_server.HostKey);
    }

    [Fact]
    public async Task A_host_that_is_not_pinned_is_refused_with_how_to_pin_it()
    {
        var failure = await FailureAsync(Activities(), a => a.RemoveEtcdCertificatesAsync(Input with { Host = "10.0.0.9" }));

        failure.ErrorType.ShouldBe(RotationErrors.SshRefused);
        failure.Message.ShouldContain("ssh-keygen -lf");
    }

    [Fact]
    public async Task A_login_that_is_refused_is_not_tried_again()
    {
        var failure = await FailureAsync(Activities(key: _server.StrangersKey), a => a.RemoveEtcdCertificatesAsync(Input));

        failure.ErrorType.ShouldBe(RotationErrors.SshRefused);
        failure.NonRetryable.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_agents_keys_are_tried_in_turn_and_signed_with_by_the_agent(bool rsa)
    {
        (Process agent, string socket) = await _server.StartAgentAsync(_server.StrangersKey, rsa ? _server.RsaKey : _server.ClientKey);
        using (agent)
        {
            HostResult result = await RunAsync(() => Activities(agent: socket).RemoveEtcdCertificatesAsync(Input));

            result.ShouldBe(new HostResult(Host, 0));
            agent.Kill();
        }

        var failure = await FailureAsync(Activities(agent: socket), a => a.RemoveEtcdCertificatesAsync(Input));
        failure.ErrorType.ShouldBe(RotationErrors.SshFailed);
        failure.Message.ShouldContain("agent");
    }

    [Fact]
    public async Task An_agent_without_a_key_that_the_host_knows_is_refused_and_said_so()
    {
        (Process agent, string socket) = await _server.StartAgentAsync(_server.StrangersKey);
        using (agent)
        {
            var failure = await FailureAsync(Activities(agent: socket), a => a.RemoveEtcdCertificatesAsync(Input));

            failure.ErrorType.ShouldBe(RotationErrors.SshRefused);
            failure.Message.ShouldContain("every key of the SSH agent");
            agent.Kill();
        }
    }

    [Fact]
    public async Task With_sudo_the_whole_command_is_run_by_it_and_a_password_is_never_waited_for()
    {
        await ProgramAsync("sudo", $"echo \"$1 $2 $3\" >> {_volumes.Combine("sudo")}\nshift; exec \"$@\"");
        await File.WriteAllTextAsync(Directory.CreateDirectory(_volumes.Combine("v/pki")).FullName + "/server.crt", "x", TestContext.Current.CancellationToken);

        HostResult result = await RunAsync(() => Activities(sudo: true).RemoveEtcdCertificatesAsync(Input));
        File.Delete(Path.Combine(_server.Programs, "sudo"));

        result.Changed.ShouldBe(1);
        (await File.ReadAllTextAsync(_volumes.Combine("sudo"), TestContext.Current.CancellationToken)).ShouldBe("-n sh -c\n");
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_and_two_at_once_end_with_every_certificate_gone_and_counted_once()
    {
        string[] files = [.. Enumerable.Range(0, 6).Select(n => _volumes.Combine($"m{n}/pki/server.crt"))];
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, file, TestContext.Current.CancellationToken);
        }

        // The connection is lost in the middle: two are gone, and nobody heard of it.
        await ProgramAsync("find", $"rm {files[0]} {files[1]}; kill -9 $PPID");
        (await FailureAsync(Activities(), a => a.RemoveEtcdCertificatesAsync(Input))).NonRetryable.ShouldBeFalse();
        File.Delete(Path.Combine(_server.Programs, "find"));
        LegacyActivities activities = Activities();
        HostResult[] results = await Task.WhenAll(RunAsync(() => activities.RemoveEtcdCertificatesAsync(Input)), RunAsync(() => activities.RemoveEtcdCertificatesAsync(Input)));

        results.Sum(r => r.Changed).ShouldBe(4);
        files.ShouldAllBe(f => !File.Exists(f));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_tried_again()
    {
        string dead = $"127.0.0.1:{FreePort.Next()}";

        var failure = await FailureAsync(Activities(host: dead), a => a.RemoveEtcdCertificatesAsync(Input with { Host = dead }));

        failure.ErrorType.ShouldBe(RotationErrors.SshFailed);
        failure.NonRetryable.ShouldBeFalse();
    }

    private HostInput Input => new() { Cluster = TestCluster.Ref, Host = Host };

    private static Task<T> RunAsync<T>(Func<Task<T>> activity) => TestCluster.RunAsync(activity);

    private static Task<ApplicationFailureException> FailureAsync(LegacyActivities activities, Func<LegacyActivities, Task<HostResult>> call) =>
        Should.ThrowAsync<ApplicationFailureException>(() => RunAsync(() => call(activities)));

    private async Task<string> ProgramAsync(string name, string script)
    {
        string path = Path.Combine(_server.Programs, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private LegacyActivities Activities(string? host = null, string? hostKey = null, string? key = null, string? agent = null, bool sudo = false)
    {
        var cluster = new TestCluster(new()
        {
            ["Rotation:Ssh:User"] = Environment.UserName,
            ["Rotation:Ssh:KeyPath"] = agent is null ? key ?? _server.ClientKey : null,
            ["Rotation:Ssh:AgentSocket"] = agent,
            ["Rotation:Ssh:Sudo"] = sudo ? "true" : "false",
            ["Rotation:Ssh:EtcdVolumes"] = _volumes.Path,
            [$"Rotation:Clusters:{TestCluster.Ref.Name}:SshHosts:0:Host"] = host ?? Host,
            [$"Rotation:Clusters:{TestCluster.Ref.Name}:SshHosts:0:HostKey"] = hostKey ?? _server.HostKey,
        });
        _clusters.Add(cluster);
        return cluster.Get<LegacyActivities>();
    }
}
