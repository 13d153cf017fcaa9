using Rotation.Activities.Hosting;
using Rotation.Activities.Preflight.Sources;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Preflight;

/// <summary>Reads every source, then asks every check. Changes nothing; may be repeated.</summary>
internal sealed class PreflightActivities(FactSources sources, RotationOptions options, TimeProvider clock) : IPreflightActivities
{
    // All but the last of ActivityProfiles: that one says what it could not read.
    private const int PatientAttempts = 4;
    private const int MostOfOneCheck = 20;

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<PreflightResult> RunPreflightAsync(PreflightInput input)
    {
        await using Pulse pulse = Pulse.Start($"checks {input.Cluster.Name}", options.Deadlines.Poll);
        var facts = new PreflightFacts { Input = input, Now = clock.GetUtcNow() };
        List<Finding> found = [];
        foreach (IFactSource source in sources.All)
        {
            pulse.Tell($"checks {input.Cluster.Name}: reads what '{source.Unread}' is about");
            try
            {
                facts = await source.AddAsync(facts, Token).ConfigureAwait(false);
            }
            catch (ApplicationFailureException e) when (e.NonRetryable || ActivityExecutionContext.Current.Info.Attempt > PatientAttempts)
            {
                found.Add(new(source.Unread, source.Severity, $"{e.Message} What depends on it could not be checked."));
            }
        }

        found.AddRange(PreflightChecks.All.SelectMany(c => c.Look(facts).Take(MostOfOneCheck)));
        return new(
            [.. found.OrderByDescending(f => f.Severity).ThenBy(f => f.Check, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal)],
            [.. PreflightChecks.All.Select(c => c.Name).Concat(sources.All.Select(s => s.Unread)).Order(StringComparer.Ordinal)]);
    }
}
