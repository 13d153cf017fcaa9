using Rotation.Activities.Legacy;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>What the legacy procedure does on control-plane hosts, over a real sshd.</summary>
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

    [Fact]
    public async Task The_controller_manager_is_stopped_by_its_exact_name()
    {
        string crictl = Path.Combine(_server.Programs, "crictl");
        await File.WriteAllTextAsync(crictl, $"#!/bin/sh\necho \"$*\" >> {_volumes.Combine("calls")}\n[ \"$1\" = ps ] && echo c1\n[ \"$1\" = stop ] && echo \"$2\"\nexit 0\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(crictl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        HostResult result = await RunAsync(() => Activities().RestartControllerManagerAsync(Input));
        File.Delete(crictl);

        result.Changed.ShouldBe(1);
        (await File.ReadAllLinesAsync(_volumes.Combine("calls"), TestContext.Current.CancellationToken)).ShouldBe(["ps -q --name ^kube-controller-manager$", "stop c1"]);
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

    private LegacyActivities Activities(string? host = null, string? hostKey = null, string? key = null)
    {
        var cluster = new TestCluster(new()
        {
            ["Rotation:Ssh:User"] = Environment.UserName,
            ["Rotation:Ssh:KeyPath"] = key ?? _server.ClientKey,
            ["Rotation:Ssh:Sudo"] = "false",
            ["Rotation:Ssh:EtcdVolumes"] = _volumes.Path,
            [$"Rotation:Clusters:{TestCluster.Ref.Name}:SshHosts:0:Host"] = host ?? Host,
            [$"Rotation:Clusters:{TestCluster.Ref.Name}:SshHosts:0:HostKey"] = hostKey ?? _server.HostKey,
        });
        _clusters.Add(cluster);
        return cluster.Get<LegacyActivities>();
    }
}
