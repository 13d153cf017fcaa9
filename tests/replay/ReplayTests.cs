using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Common;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.Replay;

/// <summary>Rotations that run while the worker is upgraded: the code of today must decide as it decided then. To change a workflow, patch it.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> Histories { get; } = [.. Directory.EnumerateFiles(RepositoryRoot.Combine("tests", "replay", "histories"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_kind_of_ending_is_saved() =>
        new[] { "rotate-keypairs-completed", "rotate-keypairs-rolled-back", "rotate-keypairs-held-and-resumed", "rotate-keypairs-rejected", "rotate-keypairs-adopted", "rotate-keypairs-again", "rotate-keypairs-emergency", "rotate-keypairs-rolled-back-after-tokens", "roll-completed", "roll-completed-nodes-0", "roll-held-nodes", "roll-continued", "cluster-lock-replay.example.com%40s3%3A%2F%2Fdefault", "cluster-hold-given-back" }.Except(Histories.Select(h => h.Data)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task A_saved_history_replays(string name) => (await ReplayAsync(name, json => json)).ShouldBeNull();

    [Theory]
    [InlineData("\"ReadCluster\"", "\"ReadClusters\"")]
    [InlineData("\"StageKeypair\"", "\"PromoteKeypair\"")]
    [InlineData("\"RollCluster\"", "\"RollClusterTwice\"")]
    public async Task A_workflow_that_decides_otherwise_is_found(string was, string isNow)
    {
        Exception? failure = await ReplayAsync("rotate-keypairs-completed", json => json.Replace(was, isNow, StringComparison.Ordinal));

        failure.ShouldNotBeNull().Message.ShouldContain("TMPRL1100");
    }

    [Fact]
    public async Task A_contract_that_cannot_read_what_was_written_is_found()
    {
        Exception? failure = await ReplayAsync("rotate-keypairs-completed", json => Renamed(json, "\"keysets\":[{", "\"keyset\":[{"));

        failure.ShouldNotBeNull();
    }

    // Payloads are base64 in a history's JSON.
    private static string Renamed(string json, string was, string isNow) => System.Text.RegularExpressions.Regex.Replace(json, "\"data\": ?\"([A-Za-z0-9+/=]+)\"", found =>
    {
        string payload = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(found.Groups[1].Value));
        return $"\"data\": \"{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(payload.Replace(was, isNow, StringComparison.Ordinal)))}\"";
    });

    private static async Task<Exception?> ReplayAsync(string name, Func<string, string> edit)
    {
        string json = edit(await File.ReadAllTextAsync(RepositoryRoot.Combine("tests", "replay", "histories", $"{name}.json"), TestContext.Current.CancellationToken));
        // A long history on a busy machine is no deadlock.
        var options = new WorkflowReplayerOptions { DataConverter = RotationDataConverter.Plain, DebugMode = true };
        foreach (Type type in RotationWorkflows.Types)
            options.AddWorkflow(type);
        WorkflowReplayResult result = await new WorkflowReplayer(options).ReplayWorkflowAsync(WorkflowHistory.FromJson(Uri.UnescapeDataString(name), json), throwOnReplayFailure: false);
        return result.ReplayFailure;
    }
}
