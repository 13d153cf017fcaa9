using Rotation.Activities.Legacy;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities.Legacy;

/// <summary>The copy is the legacy procedure's only way back.</summary>
[CrashTested("BackUpCredentials", "RestoreCredentials")]
public sealed class LegacyBackupTests : IDisposable
{
    private readonly TestCluster _cluster = new();

    public LegacyBackupTests()
    {
        Write("pki/private/kubernetes-ca/keyset.yaml", "ca");
        Write("pki/issued/kubernetes-ca/keyset.yaml", "issued");
        Write("secrets/dockerconfig", "docker");
        Write("config", "not a credential");
    }

    private string Store => Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name);

    private LegacyActivities Activities => _cluster.Get<LegacyActivities>();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task What_was_deleted_changed_or_added_is_as_before()
    {
        BackupState made = await BackUpAsync();
        string before = Tree();
        Directory.Delete(Path.Combine(Store, "pki/private"), recursive: true);
        Write("secrets/dockerconfig", "other");
        Write("pki/private/new-ca/keyset.yaml", "new");

        BackupState restored = await RestoreAsync();

        restored.ShouldBe(made);
        made.Files.ShouldBe(3);
        Tree().ShouldBe(before);
    }

    [Fact]
    public async Task A_repetition_keeps_the_first_copy_whatever_the_store_has_become()
    {
        BackupState made = await BackUpAsync();
        Directory.Delete(Path.Combine(Store, "pki"), recursive: true);

        (await BackUpAsync()).ShouldBe(made);
        await RestoreAsync();

        File.ReadAllText(Path.Combine(Store, "pki/private/kubernetes-ca/keyset.yaml")).ShouldBe("ca");
    }

    [Fact]
    public async Task A_copy_that_an_attempt_left_half_made_is_made_again()
    {
        await BackUpAsync();
        File.Delete(Directory.EnumerateFiles(Backups, "manifest.json", SearchOption.AllDirectories).Single());

        (await BackUpAsync()).Files.ShouldBe(3);
    }

    [Fact]
    public async Task A_way_back_that_died_half_way_and_two_at_once_end_in_the_same()
    {
        await BackUpAsync();
        string before = Tree();
        Directory.Delete(Path.Combine(Store, "pki"), recursive: true);
        Write("secrets/dockerconfig", "other");
        // Half of it was put back, one file only in part and not yet in its place.
        Write("pki/issued/kubernetes-ca/keyset.yaml", "issued");
        Write("pki/private/kubernetes-ca/.keyset.yaml.0123", "c");

        await Task.WhenAll(RestoreAsync(), RestoreAsync());
        await RestoreAsync();

        Tree().ShouldBe(before);
    }

    [Fact]
    public async Task Two_copies_at_once_are_one()
    {
        BackupState[] made = await Task.WhenAll(BackUpAsync(), BackUpAsync());

        made[0].ShouldBe(made[1]);
        (await RestoreAsync()).ShouldBe(made[0]);
    }

    [Fact]
    public async Task Files_and_folders_of_the_copy_are_for_the_worker_only()
    {
        await BackUpAsync();

        foreach (string file in Directory.EnumerateFiles(Backups, "*", SearchOption.AllDirectories))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task A_damaged_copy_is_refused_and_nothing_is_put_back()
    {
        await BackUpAsync();
        await File.WriteAllTextAsync(Directory.EnumerateFiles(Backups, "*.kept", SearchOption.AllDirectories).First(), "tampered", TestContext.Current.CancellationToken);
        Write("secrets/dockerconfig", "other");

        (await Should.ThrowAsync<ApplicationFailureException>(RestoreAsync)).ErrorType.ShouldBe(RotationErrors.BackupDamaged);

        File.ReadAllText(Path.Combine(Store, "secrets/dockerconfig")).ShouldBe("other");
    }

    [Fact]
    public async Task Without_a_copy_nothing_is_put_back() =>
        (await Should.ThrowAsync<ApplicationFailureException>(RestoreAsync)).ErrorType.ShouldBe(RotationErrors.BackupMissing);

    [Fact]
    public async Task A_cluster_without_credentials_is_not_copied() =>
        (await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => Activities.BackUpCredentialsAsync(new ClusterRef { Name = "other.example.com" })))).ErrorType.ShouldBe(RotationErrors.ClusterNotFound);

    [Fact]
    public async Task What_there_is_to_delete_is_read_from_the_store()
    {
        CredentialNames names = await TestCluster.RunAsync(() => Activities.ReadCredentialNamesAsync(TestCluster.Ref));

        names.Keysets.ShouldBe(["kubernetes-ca"]);
        names.Secrets.ShouldBe(["dockerconfig"]);
    }

    [Fact]
    public async Task A_kops_that_deletes_nothing_and_reports_success_is_found_out()
    {
        _cluster.Script("exit 0");

        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => Activities.DeleteCredentialAsync(new() { Cluster = TestCluster.Ref, Kind = CredentialKind.Secret, Name = "dockerconfig" })));

        failure.ErrorType.ShouldBe(RotationErrors.DeleteRefused);
        failure.Message.ShouldContain("dockerconfig");
    }

    private string Backups => Path.Combine(_cluster.Folder, "work", "backups");

    private void Write(string path, string content)
    {
        string file = Path.Combine(Store, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private string Tree() => string.Join('\n', Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{Path.GetRelativePath(Store, f)}={File.ReadAllText(f)}"));

    private Task<BackupState> BackUpAsync() => TestCluster.RunAsync(() => Activities.BackUpCredentialsAsync(TestCluster.Ref));

    private Task<BackupState> RestoreAsync() => TestCluster.RunAsync(() => Activities.RestoreCredentialsAsync(TestCluster.Ref));
}
