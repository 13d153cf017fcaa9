using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Policies;

/// <summary>
/// Whether a maintenance window is open, for the workflow that runs. When it opens and closes an activity reads, for a month ahead, and history keeps it: a replay decides as the run did, whatever
/// the time zone rules of its host are by then.
/// </summary>
/// <param name="window">The window; null: always open.</param>
internal sealed class WindowGuard(MaintenanceWindow? window)
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMinutes(5);

    private OpenTimes _times = new();

    /// <summary>True when it was closed at the last look.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>When it opens or closes next; null when it is always open.</summary>
    public DateTimeOffset? ChangesAt { get; private set; }

    /// <summary>Looks at the clock. What cannot be read is closed, and read again in five minutes: whoever asks has work under way that must not be left.</summary>
    /// <param name="mustKnow">True, before anything has begun: fails as the reading did, with <c>InvalidRequest</c> when there is no such time zone.</param>
    public async Task LookAsync(bool mustKnow = false)
    {
        if (window is null || (window.Windows.Count == 0 && window.Blackouts.Count == 0))
            return;
        if (Workflow.UtcNow >= _times.KnownUntil)
            _times = await ReadAsync(new() { Window = window, From = Workflow.UtcNow }, mustKnow);

        DateTimeOffset now = Workflow.UtcNow;
        OpenTime? next = _times.Open.FirstOrDefault(t => t.Until > now);
        IsClosed = next is null || next.From > now;
        ChangesAt = next is null ? _times.KnownUntil : IsClosed ? next.From : next.Until;
    }

    /// <summary>Returns when it is open, or at once when whoever waits must stop.</summary>
    /// <param name="mustStop">True when the wait must end.</param>
    /// <param name="say">Gets the words to show while it waits.</param>
    public async Task PassAsync(Func<bool> mustStop, Action<string> say)
    {
        await LookAsync();
        while (IsClosed && !mustStop())
        {
            string until = $"{ChangesAt:yyyy-MM-dd HH:mm}Z";
            say($"Waits for the maintenance window, until {until}.");
            await Workflow.WaitConditionWithOptionsAsync(new(mustStop, ChangesAt!.Value - Workflow.UtcNow, $"waits for the maintenance window until {until}", CancellationToken.None));
            await LookAsync();
        }
    }

    /// <summary>Returns when the condition holds, or when the window has opened or closed.</summary>
    public async Task WaitAsync(Func<bool> condition)
    {
        if (ChangesAt is not { } at)
            await Workflow.WaitConditionAsync(condition, CancellationToken.None);
        else if (at > Workflow.UtcNow)
            await Workflow.WaitConditionWithOptionsAsync(new(condition, at - Workflow.UtcNow, $"the maintenance window {(IsClosed ? "opens" : "closes")} at {at:yyyy-MM-dd HH:mm}Z", CancellationToken.None));
    }

    private static async Task<OpenTimes> ReadAsync(OpenTimesInput input, bool mustKnow)
    {
        try
        {
            return await Workflow.ExecuteActivityAsync((IWindowActivities a) => a.ReadOpenTimesAsync(input), ActivityProfiles.Call("reads when the maintenance window is open"));
        }
        catch (ActivityFailureException e) when (mustKnow)
        {
            throw RotationErrors.Permanent(Failures.TypeOf(e), Failures.RootOf(e).Message);
        }
        catch (ActivityFailureException)
        {
            return new() { KnownUntil = Workflow.UtcNow + ReadAgain };
        }
    }
}
