using System.Diagnostics;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Rotation.Worker.Rotations;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>One rotation with everything that its plan does to it, and what must hold when it has ended, read from the store, the nodes, the sink and the server.</summary>
internal sealed class ChaosRotation(Stage stage, ITemporalClient client, string id, ChaosPlan plan)
{
    private readonly IReadOnlyDictionary<string, StoredKeyset> _before = stage.Store.Read();
    private readonly byte[] _kubeconfig = File.ReadAllBytes(stage.Folder.Kubeconfig);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>What became of it, once it was judged.</summary>
    public ChaosTally Tally { get; } = new();

    /// <summary>Runs and judges it. Returns how long it took; null when it did not end, after which the stage is of no use.</summary>
    public async Task<TimeSpan?> RunAsync(TimeSpan expected)
    {
        using var sink = new SinkWatch(stage.Folder.Kubeconfig);
        var person = new Operator(client, id, plan);
        await StartAsync();
        WorkflowExecutionStatus? end = await FollowAsync(person, expected);
        TimeSpan took = _watch.Elapsed;
        await JudgeAsync(end, person, sink);
        return end is null ? null : took;
    }

    private async Task JudgeAsync(WorkflowExecutionStatus? end, Operator person, SinkWatch sink)
    {
        await ClearAsync();
        Tally.Rotations++;
        if (end != WorkflowExecutionStatus.Completed)
        {
            Tally.Failed++;
            Problem($"ended {end?.ToString() ?? "not at all"}: {person.Story}");
            return;
        }

        bool completed = await CompletedAsync();
        _ = completed ? Tally.Completed++ : Tally.RolledBack++;
        await JudgeEndAsync(completed, sink.Seen, person.WentBackToStep);
    }

    private async Task StartAsync()
    {
        await File.WriteAllLinesAsync(stage.Folder.KopsFaults, plan.KopsFaults);
        if (plan.LabFault is { } fault)
            await LabControl.SetAsync(stage.Card, fault, CancellationToken.None);
        var request = new RotateKeypairsRequest
        {
            Cluster = stage.Card.Cluster,
            Keysets = plan.Keysets,
            Approvals = new() { Auto = plan.Auto },
            OnFailure = plan.OnFailure,
            RequestedBy = "alice",
            Roll = new() { MaxSurge = "100%", ClusterBudget = "50%", ValidateCount = 1 },
        };
        await client.StartWorkflowAsync(RotationIds.KeypairsType, [request], new WorkflowOptions(id, TaskQueues.Rotation));
    }

    private async Task<WorkflowExecutionStatus?> FollowAsync(Operator person, TimeSpan expected)
    {
        using var ended = new CancellationTokenSource();
        var reaper = new Reaper(stage);
        Task reaping = reaper.RunAsync(plan.Deaths, expected, ended.Token);
        WorkflowExecutionStatus? end = await person.FollowAsync(expected);
        await ended.CancelAsync();
        await reaping;
        Tally.Kills += reaper.Kills;
        return end;
    }

    private async Task ClearAsync()
    {
        File.Delete(stage.Folder.KopsFaults);
        foreach (Lab.LabFault fault in (await LabControl.StatusAsync(stage.Card, CancellationToken.None)).Faults)
            await LabControl.ClearAsync(stage.Card, fault.Id, CancellationToken.None);
    }

    // By the result, and by no word of the one that made it when it comes to keysets and nodes.
    private async Task<bool> CompletedAsync() =>
        (await Eventually.GetAsync(() => client.GetWorkflowHandle(id).GetResultAsync<RotationResult>(), _ => true)).State == RotationState.Completed;

    private async Task JudgeEndAsync(bool completed, IReadOnlyList<string> sink, bool wentBackToStep)
    {
        IReadOnlyDictionary<string, StoredKeyset> after = stage.Store.Read();
        foreach ((string name, StoredKeyset keyset) in after)
            JudgeKeyset(name, keyset, completed);
        if (await WrongNodesAsync(after["kubernetes-ca"]) is { } wrong)
            WrongTrust(wrong);
        if (!completed && !File.ReadAllBytes(stage.Folder.Kubeconfig).SequenceEqual(_kubeconfig))
            Failed("the kubeconfig is not, byte for byte, what it was");
        if (SinkWatch.ProblemOf(sink, wentBackToStep) is { } delivery)
            Failed(delivery);
        if (await IsLockedAsync())
            Failed("the lock is still taken");
    }

    private void JudgeKeyset(string name, StoredKeyset keyset, bool completed)
    {
        StoredKeyset before = _before[name];
        StoredKeypair[] fresh = [.. keyset.Keypairs.Where(k => before.Keypairs.All(b => b.Id != k.Id))];
        bool rotated = plan.Keysets is ["all"] || plan.Keysets.Contains(name);
        if (fresh.Length > 1)
        {
            Tally.DuplicateKeypairs += fresh.Length - 1;
            Problem($"{name} has {fresh.Length} new keypairs");
        }

        if (!rotated && (fresh.Length > 0 || keyset.Trust != before.Trust))
            WrongTrust($"{name} was not to be rotated and is {keyset.Trust} instead of {before.Trust}");
        else if (rotated && completed && (fresh is not [{ } made] || keyset.Trust != $"{made.Id}: {made.Id}"))
            WrongTrust($"{name} is {keyset.Trust} with {fresh.Length} new keypairs");
        else if (!completed && keyset.Trust != before.Trust)
            WrongTrust($"{name} is {keyset.Trust} instead of {before.Trust} as before");
    }

    private async Task<string?> WrongNodesAsync(StoredKeyset ca)
    {
        string[] trusted = [.. ca.Keypairs.Where(k => k.Trusted).Select(k => k.Fingerprint).Order(StringComparer.Ordinal)];
        string? wrong = null;
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                Lab.LabStatus lab = await LabControl.StatusAsync(stage.Card, CancellationToken.None);
                wrong = lab.Ready ? lab.Nodes.Where(n => n.Primary != ca.Primary || !n.Trusts.SequenceEqual(trusted)).Select(n => $"{n.Id} of {n.Group} has the primary {n.Primary} and trusts {n.Trusts.Count} instead of {ca.Primary} and {trusted.Length}").FirstOrDefault() : "the lab is not ready";
                if (wrong is not null)
                    throw new InvalidOperationException(wrong);
            });
        }
        catch (InvalidOperationException)
        {
            return wrong;
        }

        return null;
    }

    // The server has no other cluster. A lock ends a moment after its last holder.
    private async Task<bool> IsLockedAsync()
    {
        try
        {
            await Eventually.GetAsync(async () => await client.ListWorkflowsAsync($"WorkflowType = '{nameof(ClusterLock)}' AND ExecutionStatus = 'Running'").CountAsync(), locks => locks == 0);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private void WrongTrust(string what)
    {
        Tally.WrongTrust++;
        Problem(what);
    }

    private void Failed(string what)
    {
        Tally.Failed++;
        Problem(what);
    }

    private void Problem(string what) => Tally.Problems.Add($"{id} ({plan}): {what}");
}
