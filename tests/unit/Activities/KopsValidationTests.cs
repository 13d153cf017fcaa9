using Rotation.Activities.Clusters;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>kops' own validation and reconciliation, as activities.</summary>
public sealed class KopsValidationTests : IDisposable
{
    private const string Kubeconfig = "case \"$1\" in export) printf 'apiVersion: v1\\nkind: Config\\n' > \"$4\"; exit 0;; esac\n";
    private readonly TestCluster _cluster = new();
    private readonly TestKeypair _ca = new("kubernetes-ca", 1_700_000_000_000_000_001, keyBits: 1024);

    public KopsValidationTests() => _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _ca, _ca));

    private KopsRollActivities Activities => _cluster.Get<KopsRollActivities>();

    public void Dispose()
    {
        _cluster.Dispose();
        _ca.Dispose();
    }

    [Theory]
    [InlineData("{\"nodes\":[]}", 0, "")]
    [InlineData("Validating\n{\"failures\":[{\"type\":\"Machine\",\"name\":\"i-1\",\"message\":\"has not yet joined\"}],\"nodes\":[]}", 2, "Machine i-1: has not yet joined")]
    public async Task A_cluster_that_does_not_validate_is_a_result(string output, int exitCode, string finding)
    {
        _cluster.Script($"{Kubeconfig}cat <<'X'\n{output}\nX\nexit {exitCode}");

        ValidationResult result = await TestCluster.RunAsync(() => Activities.ValidateWithKopsAsync(TestCluster.Ref));

        result.Findings.ShouldBe(finding.Length == 0 ? [] : [finding]);
        _cluster.Calls().ShouldContain("validate cluster -o json --name test.example.com");
    }

    [Fact]
    public async Task A_kops_that_cannot_say_is_an_error()
    {
        _cluster.Script($"{Kubeconfig}echo 'Error: dial tcp: connection refused' >&2; exit 1");

        (await Should.ThrowAsync<ApplicationFailureException>(() => TestCluster.RunAsync(() => Activities.ValidateWithKopsAsync(TestCluster.Ref)))).ErrorType.ShouldBe(RotationErrors.StateStoreUnavailable);
    }

    [Fact]
    public async Task Reconcile_is_refused_where_kops_has_none_and_run_where_it_has()
    {
        var failure = await Should.ThrowAsync<ApplicationFailureException>(() => RollAsync());
        failure.ErrorType.ShouldBe(RotationErrors.KopsUsage);
        failure.Message.ShouldContain("1.31");
        _cluster.Calls().ShouldBeEmpty();

        _cluster.Script($"{Kubeconfig}exit 0", version: "1.31.0");
        await RollAsync();
        _cluster.Calls().ShouldContain("reconcile cluster --yes --name test.example.com");
    }

    private Task<KopsRollResult> RollAsync() => TestCluster.RunAsync(() => Activities.RollWithKopsAsync(new() { Cluster = TestCluster.Ref, Reconcile = true }));
}
