using System.Diagnostics;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Tests.EndToEnd.Chaos;

/// <summary>The person on call: opens gates, resumes what holds, asks for the way back when the plan says so, until the rotation ends.</summary>
internal sealed class Operator(ITemporalClient client, string id, ChaosPlan plan)
{
    private const int MostResumes = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly RpcOptions Short = new() { Timeout = TimeSpan.FromSeconds(10), Retry = false };
    private readonly WorkflowHandle _handle = client.GetWorkflowHandle(id);
    private readonly RotationReader _reader = new(client);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _asked;
    private int _resumes;

    /// <summary>True when a way back to a step, not to the start, was asked for.</summary>
    public bool WentBackToStep { get; private set; }

    /// <summary>What went wrong on the way, in words: the last failure that it showed.</summary>
    public string Story { get; private set; } = "";

    /// <summary>Follows the rotation. Returns its end, or null when it does not end.</summary>
    public async Task<WorkflowExecutionStatus?> FollowAsync(TimeSpan expected)
    {
        using var timer = new PeriodicTimer(Pause);
        while (_watch.Elapsed < Patience && _resumes <= MostResumes)
        {
            if (await TryAsync<WorkflowExecutionDescription>(async () => await _handle.DescribeAsync(new() { Rpc = Short })) is { Status: not WorkflowExecutionStatus.Running } ended)
                return ended.Status;
            if (await TryAsync(() => _reader.StatusOrNullAsync(id, CancellationToken.None)) is { } shown)
                await ActAsync(shown, expected);
            await timer.WaitForNextTickAsync();
        }

        return null;
    }

    private async Task ActAsync(RotationStatus shown, TimeSpan expected)
    {
        Story = $"{shown.State} at {shown.Step}: {shown.Doing} Last failure: {shown.LastFailure}";
        if (!_asked && plan.BackAt is { } at && _watch.Elapsed > expected * at && shown.State is not RotationState.RollingBack)
            await GoBackAsync();
        // A way back that does not fit yet is refused, as before the first change or to a step that was not reached: then it goes on.
        // A hold opens by itself; to open it earlier is to cut off who still has what must run out.
        if (shown.Gate is { } gate && gate.StartsWith("hold-", StringComparison.Ordinal))
            return;
        if (shown.Gate is not null)
            await SendAsync("approve", new Approval { Gate = shown.Gate, Approver = "bob", Comment = "chaos", PlanHash = shown.PlanHash });
        else if (shown.State == RotationState.Paused && await SendAsync("resume", new OperatorCall { Operator = "carol", Reason = "chaos" }) == Answer.Taken)
            _resumes++;
    }

    private async Task GoBackAsync()
    {
        Answer answer = await SendAsync("rollback", new OperatorCall { Operator = "carol", Reason = "chaos", ToStep = plan.BackTo, Force = true });
        _asked = answer == Answer.Taken;
        WentBackToStep |= answer != Answer.Refused && plan.BackTo.Length > 0;
    }

    // One that met a dead server or worker may have been taken: it is made again with the next look, and refused then.
    private async Task<Answer> SendAsync(string update, object content)
    {
        try
        {
            await _handle.ExecuteUpdateAsync(update, [content], new() { Rpc = Short });
            return Answer.Taken;
        }
        catch (WorkflowUpdateFailedException)
        {
            return Answer.Refused;
        }
        catch (Exception e) when (e is WorkflowUpdateRpcTimeoutOrCanceledException or RpcException or OperationCanceledException)
        {
            return Answer.Unknown;
        }
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or WorkflowQueryFailedException)
        {
            return null;
        }
    }

    private enum Answer
    {
        Taken, Refused, Unknown,
    }
}
