using System.Text.Json;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class RequestRulesTests
{
    [Theory]
    [InlineData("""{"cluster":"prod.example.com"}""")]
    [InlineData("""{"CLUSTER":"prod.example.com","Keysets":["kubernetes-ca"]}""")]
    [InlineData("""{"cluster":"c.k8s.local","stateStore":"s3://bucket/folder"}""")]
    [InlineData("""{"cluster":"c.k8s.local","stateStore":"file:///tmp/store","roll":{"maxUnavailable":"0","maxSurge":"25%"}}""")]
    public void A_small_request_typed_by_hand_is_complete(string json) => RequestRules.ProblemsOf(Read(json)).ShouldBeEmpty();

    [Theory]
    [InlineData("{}", "cluster: is required")]
    [InlineData("""{"cluster":""}""", "cluster: is required")]
    [InlineData("""{"cluster":"Prod.Example.Com"}""", "cluster: 'Prod.Example.Com' is not a DNS name")]
    [InlineData("""{"cluster":"../etc"}""", "cluster: '../etc' is not a DNS name")]
    [InlineData("""{"cluster":"a.b","onFailur":"rollback"}""", "onFailur: unknown field")]
    [InlineData("""{"cluster":"a.b","onFailure":"panic"}""", "onFailure: \"panic\" is not one of hold, rollback")]
    [InlineData("""{"cluster":"a.b","adminTtl":"18 hours"}""", "adminTtl: \"18 hours\" is not a duration")]
    [InlineData("""{"cluster":"a.b","adminTtl":"1m"}""", "adminTtl: 1m is too short")]
    [InlineData("""{"cluster":"a.b","keysets":[]}""", "keysets: is empty")]
    [InlineData("""{"cluster":"a.b","keysets":["all","x"]}""", "keysets: \"all\" stands alone")]
    [InlineData("""{"cluster":"a.b","keysets":["x","x"]}""", "keysets: a name is given twice")]
    [InlineData("""{"cluster":"a.b","keysets":["--force"]}""", "keysets: '--force' cannot be the name of a keyset")]
    [InlineData("""{"cluster":"a.b","stateStore":"http://x"}""", "stateStore: 'http://x' is neither")]
    [InlineData("""{"cluster":"a.b","approvals":{"quorum":0}}""", "approvals.quorum: 0 is not between 1 and 10")]
    [InlineData("""{"cluster":"a.b","approvals":{"timeout":"5s"}}""", "approvals.timeout: 5s is too short")]
    [InlineData("""{"cluster":"a.b","approvals":{"quorumm":2}}""", "approvals.quorumm: unknown field")]
    [InlineData("""{"cluster":"a.b","roll":{"maxSurge":"lots"}}""", "roll.maxSurge: 'lots' is neither a number nor a percentage")]
    [InlineData("""{"cluster":"a.b","roll":{"maxSurge":"0","maxUnavailable":"0%"}}""", "roll.maxUnavailable: it and maxSurge cannot both be 0")]
    [InlineData("""{"cluster":"a.b","roll":{"maxUnavailable":"101%"}}""", "roll.maxUnavailable: '101%' is neither")]
    [InlineData("""{"cluster":"a.b","roll":{"validateCount":0}}""", "roll.validateCount: 0 is not between 1 and 10")]
    [InlineData("""{"cluster":"a.b","roll":{"drainTimeout":"0s"}}""", "roll.drainTimeout: 0s is too short")]
    [InlineData("""{"cluster":"a.b","sinks":["a b"]}""", "sinks: 'a b' is not a name")]
    [InlineData("""{"cluster":"a.b","notify":["a b"]}""", "notify: 'a b' is not a name")]
    [InlineData("""["cluster"]""", "input: must be one JSON object")]
    public void A_bad_field_is_named(string json, string problem)
    {
        IReadOnlyList<string> problems = RequestRules.ProblemsOf(Read(json));
        problems.ShouldContain(p => p.StartsWith(problem, StringComparison.Ordinal), string.Join("\n", problems));
        var failure = Should.Throw<ApplicationFailureException>(() => RequestRules.ThrowIfAny(problems));
        failure.ErrorType.ShouldBe(RotationErrors.InvalidRequest);
        failure.NonRetryable.ShouldBeTrue();
        failure.Message.ShouldContain("Nothing was changed");
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        RequestRules.ProblemsOf(Read("""{"cluster":"","adminTtl":"x","approvals":{"quorum":99},"roll":{"validateCount":11},"nope":1}""")).Count.ShouldBe(5);

    [Theory]
    [InlineData("3", 10, 3)]
    [InlineData("10%", 30, 3)]
    [InlineData("10%", 9, 0)]
    [InlineData("100%", 7, 7)]
    [InlineData("0", 7, 0)]
    [InlineData("-1", 7, null)]
    [InlineData("%", 7, null)]
    [InlineData("1.5", 7, null)]
    public void Numbers_and_percentages_are_read_as_kOps_reads_them(string text, int whole, int? expected) => RollRules.Read(text, whole).ShouldBe(expected);

    private static RotateKeypairsRequest Read(string json) => JsonSerializer.Deserialize<RotateKeypairsRequest>(json, RotationDataConverter.Json)!;
}
