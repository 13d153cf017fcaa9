using Rotation.Activities.Keysets;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Each mutation is run to each crash point and again: before the effect, after it and before the answer, during, and two at once.</summary>
public sealed class KeysetActivitiesTests : IDisposable
{
    private const string Ca = "kubernetes-ca";
    private const string Stage = "cp \"$TEST/staged.yaml\" \"$STORE/pki/private/kubernetes-ca/keyset.yaml\"";

    private readonly TestCluster _cluster = new();
    private readonly TestKeypair _old = new(Ca, 1_700_000_000_000_000_001);
    private readonly TestKeypair _new = new(Ca, 1_700_000_000_000_000_002);
    private readonly TestKeypair _third = new(Ca, 1_700_000_000_000_000_003);

    private KeysetActivities Activities => _cluster.Get<KeysetActivities>();

    [Fact]
    public async Task Staging_makes_one_keypair_and_names_it_by_id_and_fingerprint()
    {
        Initial();
        _cluster.Script(Stage);

        StagedKeypair staged = await StageAsync();

        staged.ShouldBe(new StagedKeypair(Ca, _new.Id, _new.Fingerprint, Adopted: false));
        _cluster.Calls().ShouldBe(["create keypair kubernetes-ca --name test.example.com"]);
    }

    [Theory]
    [InlineData("exit 1", "")]
    [InlineData("", "exit 1")]
    [InlineData("", "kill -9 $$")]
    [InlineData("kill -9 $$", "")]
    public async Task Staging_again_after_kops_died_before_or_after_its_effect_stages_once(string before, string after)
    {
        Initial();
        _cluster.Script($"{before}\n{Stage}\n{after}");
        await Should.ThrowAsync<ApplicationFailureException>(StageAsync());

        _cluster.Script(Stage.Replace("cp ", "[ -f \"$TEST/twice\" ] && exit 9; touch \"$TEST/twice\"; cp ", StringComparison.Ordinal));
        StagedKeypair staged = await StageAsync();

        staged.KeypairId.ShouldBe(_new.Id);
        staged.Adopted.ShouldBe(before.Length == 0);
        _cluster.Calls().Length.ShouldBe(before.Length == 0 ? 1 : 2);
    }

    [Fact]
    public async Task Two_at_once_stage_once()
    {
        Initial();
        _cluster.Script("sleep 0.3\n" + Stage);

        StagedKeypair[] staged = await Task.WhenAll(StageAsync(), StageAsync());

        staged.Select(s => s.KeypairId).ShouldBe([_new.Id, _new.Id]);
        staged.Count(s => s.Adopted).ShouldBe(1);
        _cluster.Calls().Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_kops_left_by_a_killed_worker_is_waited_for_and_its_keypair_adopted()
    {
        Initial();
        string folder = Directory.CreateDirectory(Path.Combine(_cluster.Folder, "work/locks")).FullName;
        _cluster.Script("exit 1");
        await Should.ThrowAsync<ApplicationFailureException>(StageAsync());
        string kopsLock = Directory.GetFiles(folder, "*.kops").Single();
        using var orphan = System.Diagnostics.Process.Start("setsid", ["flock", "--exclusive", "--no-fork", kopsLock, "sh", "-c", $"touch '{_cluster.Folder}/up'; sleep 1; cp '{_cluster.Folder}/staged.yaml' '{_cluster.Keyset(Ca)}'"]);
        await Eventually.HoldsAsync(() => (File.Exists(Path.Combine(_cluster.Folder, "up"))).ShouldBeTrue());
        _cluster.Script("exit 7");

        StagedKeypair staged = await StageAsync();

        staged.Adopted.ShouldBeTrue();
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Success_without_an_effect_is_a_failure_that_is_retried()
    {
        Initial();
        _cluster.Script("exit 0");

        (await Should.ThrowAsync<ApplicationFailureException>(StageAsync())).ShouldSatisfyAllConditions(e => e.ErrorType.ShouldBe(RotationErrors.KopsFailed), e => e.NonRetryable.ShouldBeFalse());
    }

    [Fact]
    public async Task More_than_one_new_keypair_is_somebody_else_at_work()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _old, _old, _new, _third));

        (await Should.ThrowAsync<ApplicationFailureException>(StageAsync())).ErrorType.ShouldBe(RotationErrors.UnexpectedKeypair);
        _cluster.Calls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Promoting_again_after_a_crash_changes_nothing()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _old, _old, _new));
        File.WriteAllText(Path.Combine(_cluster.Folder, "staged.yaml"), TestKeypair.Yaml(Ca, _new, _old, _new));
        _cluster.Script(Stage + "\nkill -9 $$");
        await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(Activities.PromoteKeypairAsync, _new));

        (await ChangeAsync(Activities.PromoteKeypairAsync, _new)).ShouldBe(new KeypairChange(Changed: false, _new.Id));
        _cluster.Calls().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Distrust_and_trust_are_done_once_by_id()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _new, _old, _new));
        File.WriteAllText(Path.Combine(_cluster.Folder, "staged.yaml"), TestKeypair.Yaml(Ca, _new, _old, _new).Replace($"  - id: \"{_old.Id}\"", $"  - distrustTimestamp: \"2026-11-23T20:16:44Z\"\n    id: \"{_old.Id}\"", StringComparison.Ordinal));
        _cluster.Script(Stage);

        (await ChangeAsync(Activities.DistrustKeypairAsync, _old)).Changed.ShouldBeTrue();
        (await ChangeAsync(Activities.DistrustKeypairAsync, _old)).Changed.ShouldBeFalse();
        (await ChangeAsync(Activities.TrustKeypairAsync, _new)).Changed.ShouldBeFalse();
        _cluster.Calls().ShouldBe([$"distrust keypair kubernetes-ca {_old.Id} --name test.example.com"]);
    }

    [Fact]
    public async Task What_kops_would_refuse_is_refused_before_kops_is_asked()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _old, _old));

        (await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(Activities.DistrustKeypairAsync, _old))).ErrorType.ShouldBe(RotationErrors.KeypairIsPrimary);
        (await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(Activities.PromoteKeypairAsync, _third))).ErrorType.ShouldBe(RotationErrors.KeypairUnknown);
        _cluster.Calls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_change_beside_ours_is_drift()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _old, _old, _new));
        File.WriteAllText(Path.Combine(_cluster.Folder, "staged.yaml"), TestKeypair.Yaml(Ca, _new, _old, _new, _third));
        _cluster.Script(Stage);

        (await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(Activities.PromoteKeypairAsync, _new))).ErrorType.ShouldBe(RotationErrors.DriftDetected);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _old.Dispose();
        _new.Dispose();
        _third.Dispose();
    }

    private void Initial()
    {
        _cluster.Put(Ca, TestKeypair.Yaml(Ca, _old, _old));
        File.WriteAllText(Path.Combine(_cluster.Folder, "staged.yaml"), TestKeypair.Yaml(Ca, _old, _old, _new));
    }

    private Task<StagedKeypair> StageAsync() => TestCluster.RunAsync(() => Activities.StageKeypairAsync(new() { Cluster = TestCluster.Ref, Keyset = Ca, KnownIds = [_old.Id] }));

    private static Task<KeypairChange> ChangeAsync(Func<KeypairInput, Task<KeypairChange>> activity, TestKeypair keypair) =>
        TestCluster.RunAsync(() => activity(new() { Cluster = TestCluster.Ref, Keyset = Ca, KeypairId = keypair.Id }));
}
