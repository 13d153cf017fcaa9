using Rotation.Activities.Clusters;
using Rotation.Activities.Kops;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Which kops serves a cluster, and what is refused or warned of because of its version.</summary>
public sealed class KopsVersionTests : IDisposable
{
    private const string Objects = "case \"$2\" in cluster) echo '{\"metadata\":{\"name\":\"test.example.com\"},\"spec\":{\"cloudProvider\":\"aws\",\"kubernetesVersion\":\"1.26.5\"}}';; *) echo '[]';; esac";
    private readonly TestCluster _cluster = new(new() { ["Rotation:Kops:Binaries:new"] = "{folder}/kops-new", ["Rotation:Clusters:new.example.com:KopsVersion"] = "new" });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.18.3")]
    [InlineData("1.40.0")]
    [InlineData("2.0.0")]
    public async Task A_version_that_we_do_not_know_is_refused_with_those_we_do(string version)
    {
        _cluster.Script("exit 0", version);

        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => _cluster.Get<ClusterActivities>().ReadClusterAsync(TestCluster.Ref)));

        failure.ErrorType.ShouldBe(RotationErrors.KopsVersionUnknown);
        failure.NonRetryable.ShouldBeTrue();
        failure.Message.ShouldContain($"is version {version}; known are 1.19 to 1.36");
        _cluster.Calls().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Client version: 1.26.6", "1.26.6", 26)]
    [InlineData("Client version: 1.30.0-beta.1 (git-v1.30.0-beta.1)", "1.30.0-beta.1", 30)]
    [InlineData("Version 1.22.6 (git-f4a8e4d)", "1.22.6", 22)]
    public async Task Every_form_in_which_kops_told_its_version_is_read(string said, string version, int minor)
    {
        WriteKops("kops-new", $"echo '{said}'");

        (string path, KopsVersion read) = await _cluster.Get<KopsBinaries>().ForAsync("new.example.com", Token);

        read.ShouldBe(new KopsVersion(version, minor));
        path.ShouldBe(Path.Combine(_cluster.Folder, "kops-new"));
    }

    [Theory]
    [InlineData("KILL", RotationErrors.KopsTimedOut)]
    [InlineData("ABRT", RotationErrors.KopsFailed)]
    public async Task A_kops_that_a_signal_ended_while_it_was_asked_is_asked_again(string signal, string error)
    {
        WriteKops("kops-new", $"kill -{signal} $$");

        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => _cluster.Get<KopsBinaries>().ForAsync("new.example.com", Token));

        (failure.ErrorType, failure.NonRetryable).ShouldBe((error, false));
        WriteKops("kops-new", "echo 'Client version: 1.35.1'");
        (await _cluster.Get<KopsBinaries>().ForAsync("new.example.com", Token)).Version.Minor.ShouldBe(35);
    }

    [Fact]
    public async Task Each_cluster_has_its_binary_which_is_asked_once_until_its_file_changes()
    {
        WriteKops("kops-new", "echo asked >> \"$(dirname \"$0\")/asked\"; echo 'Client version: 1.35.1'");
        KopsBinaries binaries = _cluster.Get<KopsBinaries>();

        (await binaries.ForAsync("new.example.com", Token)).Version.Minor.ShouldBe(35);
        (await binaries.ForAsync("new.example.com", Token)).Version.Minor.ShouldBe(35);
        (await binaries.ForAsync(TestCluster.Ref.Name, Token)).Version.Minor.ShouldBe(26);
        File.ReadAllLines(Path.Combine(_cluster.Folder, "asked")).Length.ShouldBe(1);

        WriteKops("kops-new", "echo 'Client version: 1.36.2'");
        File.SetLastWriteTimeUtc(Path.Combine(_cluster.Folder, "kops-new"), DateTime.UtcNow.AddMinutes(1));
        (await binaries.ForAsync("new.example.com", Token)).Version.Minor.ShouldBe(36);
    }

    [Theory]
    [InlineData("1.27.1", "The cluster was last updated by kops 1.27.1, which is newer than the worker's 1.26.6.")]
    [InlineData("1.26.6", null)]
    [InlineData("1.25.4", null)]
    [InlineData(null, null)]
    public async Task A_cluster_that_a_newer_kops_wrote_last_is_warned_of(string? last, string? warning)
    {
        _cluster.Script(Objects);
        Directory.CreateDirectory(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name));
        if (last is not null)
            await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "kops-version.txt"), last, Token);

        ClusterFacts facts = await TestCluster.RunAsync(() => _cluster.Get<ClusterActivities>().ReadClusterAsync(TestCluster.Ref));

        facts.KopsVersion.ShouldBe("1.26.6");
        facts.LastUpdatedBy.ShouldBe(last ?? "");
        facts.Warnings.ShouldBe(warning is null ? [] : [warning]);
    }

    [Fact]
    public async Task A_kops_that_refuses_to_update_what_a_newer_one_wrote_is_not_asked_again()
    {
        _cluster.Script("echo 'The cluster was last updated by kops version 1.27.1'; echo 'Error: kops version older than last used to update the cluster' >&2; exit 1");

        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => _cluster.Get<ClusterActivities>().UpdateClusterAsync(TestCluster.Ref)));

        failure.ErrorType.ShouldBe(RotationErrors.KopsVersionUnknown);
        failure.NonRetryable.ShouldBeTrue();
        _cluster.Calls().Length.ShouldBe(1);
    }

    public void Dispose() => _cluster.Dispose();

    private void WriteKops(string name, string script)
    {
        string path = Path.Combine(_cluster.Folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
