using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Lab;
using Rotation.Tests.Support;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Xunit;

namespace Rotation.Tests.Lab.Legacy;

/// <summary>The disruptive procedure from its beginning to its end: real workflows and activities, the lab's cluster, its kops before 1.22 with the files of those days, a real sshd.</summary>
public sealed class LegacyRotationTests : IClassFixture<ProcedureServer>, IClassFixture<SshServer>
{
    private const string TokenType = "kubernetes.io/service-account-token";
    private readonly ProcedureServer _server;
    private readonly SshServer _host;

    public LegacyRotationTests(ProcedureServer server, SshServer host)
    {
        Assert.SkipUnless(SshServer.IsInstalled, "There is no /usr/sbin/sshd; install openssh-server.");
        (_server, _host) = (server, host);
    }

    [Fact]
    public async Task Nothing_of_the_old_credentials_is_left_and_everything_serves_with_the_new_ones()
    {
        await using LegacyLab lab = await LegacyLab.StartAsync(_server, _host);
        string calls = lab.Volumes + "/calls", certificate = lab.Volumes + "/master-vol/pki/x/server.crt";
        Directory.CreateDirectory(Path.GetDirectoryName(certificate)!);
        await File.WriteAllTextAsync(certificate, "old", TestContext.Current.CancellationToken);
        await RuntimeAsync(calls);
        IReadOnlyDictionary<string, string[]> before = lab.Keypairs();
        string[] nodes = [.. lab.Lab.GetStatus().Nodes.Select(n => n.Id)];
        using IKubernetes old = lab.Client(lab.OldKubeconfig);
        string[] pods = await PodsAsync(old);
        string token = await TokenAsync(old);
        await old.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "token-1" }, Type = TokenType }, "default");
        using IKubernetes oldPod = lab.Client(lab.OldKubeconfig, token);
        (await PodsAsync(oldPod)).Length.ShouldBe(pods.Length);

        (RotationResult result, string? failure) = await lab.RotateAsync();

        result.State.ShouldBe(RotationState.Completed, failure);
        IReadOnlyDictionary<string, string[]> after = lab.Keypairs();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        after.Values.ShouldAllBe(ids => ids.Length == 1);
        after.Values.SelectMany(i => i).Intersect(before.Values.SelectMany(i => i)).ShouldBeEmpty();
        result.Keysets.Single(k => k.Name == "kubernetes-ca").ShouldSatisfyAllConditions(k => k.PrimaryBefore.ShouldBe(before["ca"][0]), k => k.PrimaryAfter.ShouldBe(after["ca"][0]));

        lab.Lab.GetStatus().Nodes.Select(n => n.Id).Intersect(nodes).ShouldBeEmpty();
        lab.Lab.GetStatus().Nodes.Count.ShouldBe(nodes.Length);
        lab.Lab.Events.Where(e => e.Kind == LabEvents.InstanceTerminating).Select(e => e.Instance).ShouldBe(nodes, ignoreOrder: true);

        using IKubernetes fresh = lab.Client(lab.Sink);
        await Eventually.GetAsync(() => PodsAsync(fresh), p => p.Length == pods.Length && !p.Intersect(pods).Any());
        (await fresh.CoreV1.ListNamespacedSecretAsync("default")).Items.ShouldNotContain(s => s.Type == TokenType);
        using IKubernetes freshPod = lab.Client(lab.Sink, await TokenAsync(fresh));
        (await PodsAsync(freshPod)).Length.ShouldBe(pods.Length);
        using IKubernetes oldAdmin = lab.Client(lab.OldKubeconfig), oldToken = lab.Client(lab.Sink, token);
        (await Should.ThrowAsync<HttpOperationException>(() => PodsAsync(oldToken))).Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        (await Should.ThrowAsync<Exception>(() => PodsAsync(oldAdmin))).ShouldSatisfyAllConditions(e => (e is HttpRequestException or HttpOperationException).ShouldBeTrue(e.ToString()));

        File.Exists(certificate).ShouldBeFalse();
        (await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken)).ShouldBe(["c1"]);
        await Eventually.GetAsync(lab.LockAsync, s => s == WorkflowExecutionStatus.Completed);
    }

    [Theory]
    [InlineData("3-update", "before 1 update cluster +--yes | unknown flag: --yes", 0)]
    [InlineData("6-export", "before 1 export kubecfg +--admin=18h | unknown flag: --admin", 1)]
    public async Task A_failure_puts_every_credential_back_and_everything_serves_with_the_old_ones(string step, string fault, int rolls)
    {
        await using LegacyLab lab = await LegacyLab.StartAsync(_server, _host);
        await File.WriteAllTextAsync(lab.KopsFaults, fault, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(lab.Volumes);
        IReadOnlyDictionary<string, string[]> before = lab.Keypairs();
        byte[] delivered = await File.ReadAllBytesAsync(lab.Sink, TestContext.Current.CancellationToken);
        int nodes = lab.Lab.GetStatus().Nodes.Count;
        string token;
        using (IKubernetes old = lab.Client(lab.OldKubeconfig))
            token = await TokenAsync(old);

        (RotationResult result, string? failure) = await lab.RotateAsync();

        result.State.ShouldBe(RotationState.RolledBack, failure);
        failure.ShouldNotBeNull().ShouldContain(step);
        lab.Keypairs().Select(Line).ShouldBe(before.Select(Line), ignoreOrder: true);
        (await File.ReadAllBytesAsync(lab.Sink, TestContext.Current.CancellationToken)).ShouldBe(delivered);
        lab.Lab.Events.Count(e => e.Kind == LabEvents.InstanceTerminating).ShouldBe((rolls + 1) * nodes);
        using IKubernetes admin = lab.Client(lab.OldKubeconfig), pod = lab.Client(lab.OldKubeconfig, token);
        await Eventually.GetAsync(() => PodsAsync(admin), p => p.Length > 0);
        (await PodsAsync(pod)).ShouldNotBeEmpty();
        await Eventually.GetAsync(lab.LockAsync, s => s == WorkflowExecutionStatus.Completed);

        static string Line(KeyValuePair<string, string[]> keyset) => $"{keyset.Key} {string.Join(' ', keyset.Value.Order(StringComparer.Ordinal))}";
    }

    private static async Task<string[]> PodsAsync(IKubernetes api) => [.. (await api.CoreV1.ListNamespacedPodAsync("default")).Items.Select(p => p.Metadata.Uid)];

    private static async Task<string> TokenAsync(IKubernetes api) =>
        (await api.CoreV1.CreateNamespacedServiceAccountTokenAsync(new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [] } }, "default", "default")).Status.Token;

    // One controller manager, which is another one once it was stopped.
    private async Task RuntimeAsync(string calls)
    {
        string path = Path.Combine(_host.Programs, "crictl");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\ncase $1 in\nps) echo c1;;\ninspect) [ -f {calls} ] && echo 2100-01-01T00:00:00Z || echo 2020-01-01T00:00:00Z;;\nstop) echo \"$2\" >> {calls}; echo \"$2\";;\nesac\nexit 0\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
